package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
)

// A protocol refusal never reached the desk, and HTTP has a status of its own
// for it. All others take theirs from the one table in package ruling.
type protocol struct {
	*ruling.Refusal
	status int
}

func (p protocol) Unwrap() error { return p.Refusal }

// A Told refusal is one to be told by the names that its reader uses.
type Told struct {
	Err    error
	Reader phrasebook.Reader
}

func (t Told) Error() string { return t.Err.Error() }

// Unwrap returns the refusal.
func (t Told) Unwrap() error { return t.Err }

// ProblemOf says an error to a caller: a refusal in full, a fault briefly.
func ProblemOf(book *phrasebook.Book, reader phrasebook.Reader, instance string, err error) Problem {
	refusal := ruling.Of(err)
	status := refusal.Kind.Status()
	var p protocol
	if errors.As(err, &p) {
		status = p.status
	}
	var told Told
	if errors.As(err, &told) {
		reader = told.Reader
	}
	return Problem{
		Type:     "urn:parley:refusal:" + refusal.Key,
		Title:    book.Line(reader, "kind."+refusal.Kind.String()),
		Status:   status,
		Detail:   Sentence(book, reader, refusal),
		Instance: instance,
		Kind:     refusal.Kind.String(),
		Rule:     refusal.Rule,
	}
}

// Sentence says a refusal in one sentence.
func Sentence(book *phrasebook.Book, reader phrasebook.Reader, r *ruling.Refusal) string {
	key := "refusal." + r.Key
	if !book.Has(key) && book.Has(r.Key) {
		key = r.Key
	}
	return book.Render(reader, phrasebook.Phrase{Key: key, Args: r.Args}).String()
}

// refuse shows a refusal.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) {
		return // nobody is there to be told
	}
	p := ProblemOf(a.Book, phrasebook.Reader{Lang: lang(r)}, r.URL.EscapedPath(), err)
	if p.Status >= 500 && a.Log != nil {
		a.Log.Error("the api could not answer", "method", r.Method, "path", r.URL.Path, "why", err)
	}
	w.Header().Set("Content-Type", ProblemType)
	write(w, p.Status, p)
}

// write sends a JSON value. It is made whole first, so that nothing is sent by halves.
func write(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	w.Write(append(body, '\n'))
}
