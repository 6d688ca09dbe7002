// Package web shows the talks as pages and takes in what is done on them.
//
// A page is whole without script and becomes live with it: the same templates
// render the first view and every piece that follows by server-sent events.
// Whatever is done is a form that posts and is answered by a redirect; nothing
// changes by looking. Every form says, directly above its button, who will read
// what is sent, when, and under whose name.
//
// The package owns routes, view structs, templates, the sheet, the script and
// the cookie. It decides nothing: who may do or read what is the desk's answer,
// every sentence is the phrasebook's, and forms derive from the catalogue of
// acts. It serves nothing that is not its own, and loads nothing from elsewhere.
// What a person may not know answers with the same bytes as what is not there.
package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/a-h/templ"

	"parley/internal/access"
	"parley/internal/bell"
	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate

// Site is what the pages are made from.
type Site struct {
	Desk *secretariat.Desk
	Door *access.Door
	Book *phrasebook.Book
	Rand io.Reader // of request ids in forms; safe for concurrent use
	// Rules are the rules of procedure in Markdown, as docs.Rules has them.
	Rules string
	// Secure says that browsers reach the house over TLS although this server
	// does not see it, because something before it ends the TLS.
	Secure bool
	// Closing, if not nil, is closed when the server shuts down; live streams then end.
	Closing <-chan struct{}
	Fault   func(error) // told, in full, what is our own fault; nil to drop it
}

// New returns the pages of a site. What it serves outside /talks, /devices,
// /in, /sign-in, /sign-out, /rules and /assets is the lobby at the root and,
// everywhere else, the answer to what is not there.
func New(s Site) http.Handler {
	if s.Fault == nil {
		s.Fault = func(error) {}
	}
	h := &house{Site: s, rules: readRules(s.Rules), pieces: newShared[string](8192), voices: newShared[*voice](256), desks: newShared[desk](2048), welcomes: newWelcomes()}
	mux := http.NewServeMux()
	for _, r := range h.routes() {
		mux.Handle(r.pattern, h.page(r.serve))
	}
	mux.HandleFunc("GET /assets/{name}", h.asset)
	return h.guard(mux)
}

// house is a site with what it keeps while it runs.
type house struct {
	Site
	rules    rulebook
	pieces   *shared[string] // each of a few hundred bytes
	voices   *shared[*voice]
	desks    *shared[desk]
	welcomes *welcomes
	ended    bell.Bell // rings for a person when one of their logins has ended
}

// A route is an address and what answers there.
type route struct {
	pattern string
	serve   func(http.ResponseWriter, *http.Request, visit) error
}

// routes is all there is, in one list.
func (h *house) routes() []route {
	return []route{
		{"GET /{$}", h.lobby},
		{"GET /rules", h.rulesPage},
		{"GET /sign-in", h.signInPage},
		{"POST /sign-in", h.signIn},
		{"GET /in/{link}", h.linkPage},
		{"POST /sign-out", h.signOut},
		{"GET /devices", h.devicesPage},
		{"POST /devices", h.revokeDevice},

		{"GET /talks/{id}", h.talksPage},
		{"GET /talks/{id}/convene", h.convenePage},
		{"GET /talks/{id}/board", h.boardPage},
		{"GET /talks/{id}/calendar", h.calendarPage},
		{"GET /talks/{id}/calendar.ics", h.calendarFile},
		{"GET /talks/{id}/briefing", h.briefingPage},
		{"GET /talks/{id}/seating", h.seatingPage},
		{"GET /talks/{id}/meeting", h.meetingPage},
		{"GET /talks/{id}/delegations", h.delegationsPage},
		{"GET /talks/{id}/rooms", h.roomsPage},
		{"GET /talks/{id}/rooms/{kind}", h.roomPage},
		{"GET /talks/{id}/rooms/{kind}/{name}", h.roomPage},
		{"GET /talks/{id}/modalities", h.modalitiesPage},
		{"GET /talks/{id}/text", h.textsPage},
		{"GET /talks/{id}/text/{text}", h.textPage},
		{"GET /talks/{id}/table", h.tablesPage},
		{"GET /talks/{id}/table/{text}", h.tablePage},
		{"GET /talks/{id}/drafts/{in}/{text}", h.textPage},
		{"GET /talks/{id}/drafts/{in}/{text}/table", h.tablePage},
		{"GET /talks/{id}/background", h.backgroundPage},
		{"GET /talks/{id}/publish", h.publishPage},
		{"GET /talks/{id}/further", h.furtherPage},
		{"GET /talks/{id}/press", h.pressPage},
		{"GET /talks/{id}/records/{record}", h.recordPage},
		{"GET /talks/{id}/records/{record}/checkpoint", h.checkpoint},
		{"GET /talks/{id}/records/{record}/{number}", h.proofPage},
		{"GET /talks/{id}/records/{record}/{number}/receipt", h.receipt},
		{"GET /talks/{id}/records/{record}/{number}/paper", h.paper},
		{"GET /talks/{id}/export", h.export},
		{"POST /talks/{id}/acts/{act}", h.act},

		{"GET /talks/{id}/stream/board", h.boardStream},
		{"GET /talks/{id}/stream/meeting", h.meetingStream},
		{"GET /talks/{id}/stream/projector", h.projectorStream},
		{"GET /talks/{id}/stream/text/{text}", h.textStream},
		{"GET /talks/{id}/stream/drafts/{in}/{text}", h.textStream},
		{"GET /talks/{id}/stream/rooms/{kind}", h.roomStream},
		{"GET /talks/{id}/stream/rooms/{kind}/{name}", h.roomStream},
		{"GET /talks/{id}/stream/press", h.pressStream},

		{"/", h.nothing},
	}
}

// maxBody is how much a form may hold, in bytes: a paper, and the words around it.
const maxBody = talks.MaxPaper + 256<<10

// page lets the visitor in and turns errors into the page of refusal.
func (h *house) page(serve func(http.ResponseWriter, *http.Request, visit) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		v, err := h.visitor(r)
		if err == nil {
			err = serve(w, r, v)
		}
		if err != nil {
			h.refuse(w, r, v, err)
		}
	})
}

// headers are sent with everything. A referrer stays within the house, and is
// sent there because browsers without Sec-Fetch-Site prove by it, or by the
// Origin that goes with it, that a form is ours.
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; " +
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types parley",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "same-origin",
	"Permissions-Policy":           "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
	"Cache-Control":                "no-store",
}

// guard sets the headers and refuses what another site has a browser send.
func (h *house) guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.refuse(w, r, visit{}, ruling.No(ruling.Denied, 0, "other-origin"))
	}))
	next = cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for k, v := range headers {
			w.Header().Set(k, v)
		}
		if h.secure(r) {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

func (h *house) secure(r *http.Request) bool { return h.Secure || r.TLS != nil }

// A visit is whoever asks for a page.
type visit struct {
	access.Visit
	signed bool // signed in; without, everything else is empty
}

func (v visit) caller() secretariat.Caller {
	if !v.signed {
		return secretariat.Caller{}
	}
	return secretariat.CallerOf(v.Visit)
}

func (v visit) person() seat.Person { return seat.Person(v.Person.ID) }

// visitor finds out who asks. A cookie that is no good is as good as none.
func (h *house) visitor(r *http.Request) (visit, error) {
	c, err := r.Cookie(h.cookieName(r))
	if err != nil {
		return visit{}, nil
	}
	who, err := h.Door.Who(r.Context(), c.Value)
	switch {
	case err == nil:
		return visit{Visit: who, signed: true}, nil
	case ruling.Of(err).Kind == ruling.Denied:
		return visit{}, nil
	}
	return visit{}, err
}

// look shows what the visitor may see of talks.
func (h *house) look(r *http.Request, v visit, look func(secretariat.Sight) error) error {
	return h.Desk.Look(r.Context(), r.PathValue("id"), v.caller(), look)
}

// seated is look for pages that belong to the table: to anybody else there is nothing.
func (h *house) seated(r *http.Request, v visit, look func(secretariat.Sight) error) error {
	return h.look(r, v, func(s secretariat.Sight) error {
		if s.Talks == nil || !s.Talks.Open() {
			return ruling.Nothing()
		}
		return look(s)
	})
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// show renders a page whole before a byte of it is sent.
func (h *house) show(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := c.Render(r.Context(), b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // whoever has gone is not told
	return nil
}

// render renders a piece.
func render(c templ.Component) (string, error) {
	var b bytes.Buffer
	err := c.Render(context.Background(), &b)
	return b.String(), err
}

func (h *house) nothing(http.ResponseWriter, *http.Request, visit) error { return ruling.Nothing() }

// gone reports whether the error is that the visitor has left.
func gone(r *http.Request, err error) bool {
	return r.Context().Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded))
}
