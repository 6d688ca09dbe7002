package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"parley/internal/catalogue"
	"parley/internal/ruling"
	"parley/internal/secretariat"
)

const (
	mostBody = 2<<20 + 64<<10   // bytes; of an act, see package catalogue, and the spaces in it
	bodyTime = 10 * time.Second // for a body to come in
)

// submit takes in an act: its fields in a JSON object, and a request id in the
// header Request-Id, under which it may be sent again without harm.
func (a *API) submit(w http.ResponseWriter, r *http.Request) error {
	who, err := a.caller(r)
	if err != nil {
		return err
	}
	body, err := a.body(w, r)
	if err != nil {
		return err
	}
	id, act := r.PathValue("id"), r.PathValue("act")
	fields, err := fieldsOf(act, body)
	if err != nil {
		return err
	}
	newcomer := first(fields["person"]) == ""
	answer, link, err := a.Desk.Welcome(r.Context(), a.Door, id, who, act, fields, r.Header.Get("Request-Id"))
	teller, unknown := NewTeller(r.Context(), a.Desk, a.Book, id, who, lang(r))
	switch {
	case err != nil && unknown == nil:
		return Told{err, teller.Reader()}
	case err != nil:
		return err
	case unknown != nil:
		return unknown
	}
	out, err := teller.Entered(answer)
	if err != nil {
		return err
	}
	if link != nil && a.Link != nil {
		out.Link = a.Link(*link)
	}
	if newcomer {
		out.Person = first(fields["person"])
	}
	write(w, http.StatusOK, out)
	return nil
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// body reads a body of JSON, of bounded size and in bounded time.
func (a *API) body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, protocol{no(ruling.Invalid, "api.content-type"), http.StatusUnsupportedMediaType}
	}
	control := http.NewResponseController(w)
	if err := control.SetReadDeadline(time.Now().Add(a.patience)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, err
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, protocol{no(ruling.Invalid, "too-large"), http.StatusRequestEntityTooLarge}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, protocol{no(ruling.Invalid, "api.too-slow"), http.StatusRequestTimeout}
	case err != nil:
		return nil, no(ruling.Invalid, "api.body-broken")
	}
	return body, nil
}

// fieldsOf reads the fields of an act from a JSON object, each of the type that
// the catalogue says, once each, and nothing beside them.
func fieldsOf(act string, body []byte) (map[string][]string, error) {
	spec, ok := secretariat.Acts.Spec(act)
	if !ok {
		return nil, ruling.No(ruling.Absent, 0, "no-such-act", "Act", clip(act))
	}
	unreadable := func(err error) error {
		return ruling.No(ruling.Invalid, 51, "unreadable", "Act", act, "Why", strings.TrimPrefix(err.Error(), "json: "))
	}
	fields := map[string][]string{}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	start, err := d.Token()
	switch {
	case err == io.EOF:
		return fields, nil // nothing to fill in
	case err != nil:
		return nil, unreadable(err)
	case start != json.Delim('{'):
		return nil, unreadable(fmt.Errorf("it does not begin with {"))
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, unreadable(err)
		}
		key, _ := name.(string)
		var value any
		if err := d.Decode(&value); err != nil {
			return nil, unreadable(err)
		}
		if _, twice := fields[key]; twice {
			return nil, ruling.No(ruling.Invalid, 51, "given-twice", "Act", act, "Field", clip(key))
		}
		if fields[key], err = valueOf(spec, key, value); err != nil {
			return nil, err
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, unreadable(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, unreadable(fmt.Errorf("something follows after the end"))
	}
	return fields, nil
}

// valueOf writes a value as a form would give it, if it has the type that its
// field wants.
func valueOf(spec *catalogue.Spec, key string, value any) ([]string, error) {
	i := slices.IndexFunc(spec.Fields, func(f catalogue.Field) bool { return f.Name == key })
	if i < 0 {
		return nil, ruling.No(ruling.Invalid, 51, "no-such-field", "Act", spec.Name, "Field", clip(key))
	}
	wanted := spec.Fields[i].Kind
	text, given := "", ""
	switch v := value.(type) {
	case nil:
		return nil, nil // left out
	case string:
		given, text = "text", v
	case json.Number:
		given, text = "number", v.String()
	case bool:
		given, text = "true or false", yesNo[v]
	case []any:
		words, ok := wordsOf(v)
		switch {
		case wanted != catalogue.Choices:
			given = "list"
		case !ok:
			given = "list of other things"
		default:
			return words, nil
		}
	default:
		given = "JSON object"
	}
	if want := wanted.InJSON(); given != want {
		return nil, ruling.No(ruling.Invalid, 51, "wrong-type", "Act", spec.Name, "Field", key, "Given", given, "Wanted", want)
	}
	return []string{text}, nil
}

var yesNo = map[bool]string{true: "yes", false: "no"}

// wordsOf reads a list of words.
func wordsOf(list []any) (words []string, ok bool) {
	for _, one := range list {
		word, ok := one.(string)
		if !ok || strings.Contains(word, ",") { // a form would take it for two
			return nil, false
		}
		words = append(words, word)
	}
	return words, true
}
