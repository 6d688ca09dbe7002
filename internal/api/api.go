// Package api is the house over HTTP for programs: every act of the catalogue,
// the records as the caller may see them, live and with proofs.
//
// It identifies the caller, decodes, calls the desk and shows; it decides
// nothing about talks. It owns the JSON forms of entries, answers and problems
// (form.go), which the command line shares. Every no is a problem document
// (RFC 9457) whose sentence comes from the phrasebook; what a caller may not
// know is answered, byte for byte, as what does not exist. Nothing that it
// answers may be stored by anybody on the way.
//
// It serves no pages and makes no logins; a browser's login lets a script on
// the house's own pages in as well, and no script of another site.
package api

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"parley/internal/access"
	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/secretariat"
)

// A House is what the API works with.
type House struct {
	Desk *secretariat.Desk
	Door *access.Door
	Book *phrasebook.Book
	// Login returns the cookie of a browser's login, empty if there is none.
	// Nil if no browser is let in this way.
	Login func(*http.Request) string
	// Link spells the address of a one-time link, for the answer to an act
	// that seats a newcomer.
	Link func(access.Token) string
	Log  *slog.Logger // our own faults in full; nil for nowhere
	// Closing, if not nil, is closed when the server shuts down; streams then end.
	Closing <-chan struct{}
}

// API is the handler of everything under /api/.
type API struct {
	House
	mux      http.ServeMux
	origin   http.CrossOriginProtection
	patience time.Duration // for a body to come in

	description func() ([]byte, error) // OpenAPI, made once
}

// New returns the API of a house.
func New(h House) *API {
	a := &API{House: h, patience: bodyTime, description: sync.OnceValues(func() ([]byte, error) { return OpenAPI(h.Book) })}
	for _, r := range routes {
		a.on(r.method, r.path, r.answer)
	}
	a.mux.Handle("/", a.answer(func(http.ResponseWriter, *http.Request) error { return ruling.Nothing() }))
	return a
}

// ServeHTTP answers a request under /api/.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// on registers what answers a path, and refuses other methods with the one
// that it takes.
func (a *API) on(method, path string, f func(*API, http.ResponseWriter, *http.Request) error) {
	a.mux.Handle(path, a.answer(func(w http.ResponseWriter, r *http.Request) error {
		if r.Method != method && (method != "GET" || r.Method != "HEAD") {
			w.Header().Set("Allow", method)
			return protocol{no(ruling.Invalid, "method", "Method", clip(r.Method)), http.StatusMethodNotAllowed}
		}
		return f(a, w, r)
	}))
}

// answer sets what every answer says of itself, and shows a refusal.
func (a *API) answer(f func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if err := f(w, r); err != nil {
			a.refuse(w, r, err)
		}
	})
}

// no is a refusal of the API's own. Its phrase is either one of the house's
// refusals or stands under "api.".
func no(kind ruling.Kind, key string, args ...any) *ruling.Refusal {
	return &ruling.Refusal{Kind: kind, Key: key, Args: phrasebook.Say("", args...).Args}
}

// clip cuts what a stranger sent to what can be repeated to them.
func clip(s string) string {
	const most = 100
	if len(s) > most {
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "")
}
