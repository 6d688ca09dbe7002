package web

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/internal/catalogue"
	"parley/internal/ruling"
	"parley/internal/secretariat"
)

// act submits an act for the visitor and leads back to the page it was done on.
// Whoever has no place in the talks is told that there are none, before anything
// is read of what they sent.
func (h *house) act(w http.ResponseWriter, r *http.Request, v visit) error {
	name := r.PathValue("act")
	var zone *time.Location
	err := h.look(r, v, func(s secretariat.Sight) error {
		if !s.Seated {
			return ruling.Nothing()
		}
		zone = s.Zone
		return nil
	})
	if err != nil {
		return err
	}
	if err := parse(r); err != nil {
		return err
	}
	typed := r.PostForm
	spec, ok := secretariat.Acts.Spec(name)
	if !ok {
		return ruling.No(ruling.Absent, 0, "no-such-act", "Act", name)
	}
	fields := fieldsOf(spec, typed, zone)
	if err := files(r, spec, fields); err != nil {
		return &refused{err, name, typed, v}
	}
	request := typed.Get("request")
	var newcomers []newcomer
	if seats(spec) {
		newcomers, err = h.welcome(r, v, name, fields, request)
	} else {
		err = h.submit(r.Context(), r.PathValue("id"), v.caller(), name, fields, request)
	}
	if err != nil {
		return &refused{err, name, typed, v}
	}
	back := pageAfter(r.PathValue("id"), name, typed)
	if len(newcomers) > 0 {
		return h.showWelcome(w, r, v, newcomers, back)
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

func (h *house) submit(ctx context.Context, id string, who secretariat.Caller, name string, fields map[string][]string, request string) error {
	a, err := secretariat.Acts.FromWords(name, fields)
	if err != nil {
		return err
	}
	_, err = h.Desk.Submit(ctx, id, who, secretariat.Submission{Act: a, Request: request})
	return err
}

// pageAfter is where one looks after an act: the page on which its form stands.
func pageAfter(id, act string, typed url.Values) string {
	base := "/talks/" + id
	switch page := pageOf(act); page {
	case "convene":
		return base + "/delegations"
	case "text":
		return textAfter(base, typed)
	case "room":
		if is, _ := onText(act); is {
			return textAfter(base, typed)
		}
		room := strings.Replace(or(roomAfter[act], typed.Get("in")), ":", "/", 1)
		if act == "pass-note" { // the one act whose room is named by whom it is for
			room += url.PathEscape(typed.Get("to"))
		}
		return base + "/rooms/" + room
	default:
		return base + "/" + page
	}
}

// roomAfter is the room of acts that do not name one.
var roomAfter = map[string]string{"pass-note": "notes/", "seat-capital": "delegation", "object": "shuttle",
	"log-contact": "mediation", "note-deadline": "mediation", "strike-deadline": "mediation"}

// parse reads a form, with or without a file.
func parse(r *http.Request) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(maxBody)
	} else {
		err = r.ParseForm()
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return ruling.No(ruling.Invalid, 0, "too-large")
	case err != nil:
		return ruling.No(ruling.Invalid, 0, "form-unreadable")
	}
	return nil
}

// about are parts of a form that are not fields of its act.
var about = map[string]bool{"request": true, "file": true}

// fieldsOf takes the fields of an act from a form. What is not one of its
// fields goes along, for the catalogue to refuse.
func fieldsOf(spec *catalogue.Spec, typed url.Values, zone *time.Location) map[string][]string {
	fields := map[string][]string{}
	for name, values := range typed {
		if !about[name] {
			fields[name] = values
		}
	}
	for _, f := range spec.Fields {
		if values := fields[f.Name]; f.Kind == catalogue.Text && len(values) > 1 {
			fields[f.Name] = []string{strings.Join(values, ",")} // boxes ticked
		}
		if values := fields[f.Name]; f.Kind == catalogue.Instant && len(values) == 1 {
			fields[f.Name] = []string{instant(values[0], zone)}
		}
	}
	return fields
}

// instant reads what a browser sends for a time without a zone as a time in the
// zone of the talks. Anything else is left for the catalogue.
func instant(text string, zone *time.Location) string {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t.Format(time.RFC3339)
		}
	}
	return text
}

// file returns the bytes of a file in a form; none if there is none.
func file(r *http.Request, name string) ([]byte, error) {
	if r.MultipartForm == nil || len(r.MultipartForm.File[name]) == 0 {
		return nil, nil
	}
	f, err := r.MultipartForm.File[name][0].Open()
	if err != nil {
		return nil, ruling.No(ruling.Invalid, 0, "form-unreadable")
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, ruling.No(ruling.Invalid, 0, "form-unreadable")
	}
	return b, nil
}

// files puts the files of a form into the fields that take one, as the
// catalogue has them.
func files(r *http.Request, spec *catalogue.Spec, fields map[string][]string) error {
	for _, f := range spec.Fields {
		if f.Kind != catalogue.File {
			continue
		}
		b, err := file(r, f.Name)
		if err != nil {
			return err
		}
		fields[f.Name] = []string{base64.StdEncoding.EncodeToString(b)}
	}
	return nil
}
