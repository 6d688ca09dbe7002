package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"time"

	"parley/internal/ruling"
	"parley/internal/secretariat"
)

const (
	mostBody = 512 << 10        // bytes; an act has at most half of it, see package catalogue
	bodyTime = 10 * time.Second // for a body to come in
)

// submit takes in an act: its fields in a JSON object, and a request id in the
// header Request-Id, under which it may be sent again without harm.
func (a *API) submit(w http.ResponseWriter, r *http.Request) error {
	who, err := a.caller(r)
	if err != nil {
		return err
	}
	body, err := read(w, r)
	if err != nil {
		return err
	}
	id, act := r.PathValue("id"), r.PathValue("act")
	fields, err := fieldsOf(act, body)
	if err != nil {
		return err
	}
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

// read reads a body of JSON, of bounded size and in bounded time.
func read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, protocol{no(ruling.Invalid, "api.content-type"), http.StatusUnsupportedMediaType}
	}
	control := http.NewResponseController(w)
	if err := control.SetReadDeadline(time.Now().Add(bodyTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
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

// fieldsOf reads the fields of an act from a JSON object. The catalogue has
// looked at them first, so that each has the type it should.
func fieldsOf(act string, body []byte) (map[string][]string, error) {
	if _, err := secretariat.Acts.Parse(act, body); err != nil {
		return nil, err
	}
	fields := map[string][]string{}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if _, err := d.Token(); err != nil {
		return fields, nil // an empty body, which the catalogue took for no fields
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := name.(string)
		var value any
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		if _, twice := fields[key]; twice {
			return nil, ruling.No(ruling.Invalid, 51, "given-twice", "Act", act, "Field", key)
		}
		fields[key] = wordsOf(value)
	}
	return fields, nil
}

// wordsOf writes a value as a form would give it.
func wordsOf(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case json.Number:
		return []string{v.String()}
	case bool:
		if v {
			return []string{"yes"}
		}
		return []string{"no"}
	case []any:
		list := []string{}
		for _, one := range v {
			list = append(list, wordsOf(one)...)
		}
		return list
	}
	return nil
}
