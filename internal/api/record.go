package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"parley/internal/record"
	"parley/internal/ruling"
	"parley/internal/secretariat"
)

func nothing() error { return ruling.Nothing() }

// An answer gives at most so many entries, and about so many bytes of them.
const (
	mostEntries = 1000
	mostPage    = 4 << 20
)

// talks lists the talks that the caller may know of.
func (a *API) talks(w http.ResponseWriter, r *http.Request) error {
	who, err := a.caller(r)
	if err != nil {
		return err
	}
	lobby := Lobby{Seated: []string{}, Announced: []string{}}
	seated, err := a.Desk.Talks(r.Context(), who)
	if err != nil {
		return err
	}
	announced, err := a.Desk.Announced(r.Context())
	if err != nil {
		return err
	}
	lobby.Seated, lobby.Announced = append(lobby.Seated, seated...), append(lobby.Announced, announced...)
	write(w, http.StatusOK, lobby)
	return nil
}

// house says by which key the house signs.
func (a *API) house(w http.ResponseWriter, r *http.Request) error {
	write(w, http.StatusOK, HouseKey{a.Desk.Verifier().String()})
	return nil
}

// records lists the records of talks that the caller may open.
func (a *API) records(w http.ResponseWriter, r *http.Request) error {
	who, err := a.caller(r)
	if err != nil {
		return err
	}
	out, err := RecordsOf(r.Context(), a.Desk, r.PathValue("id"), who)
	if err != nil {
		return err
	}
	write(w, http.StatusOK, out)
	return nil
}

// RecordsOf lists the records of talks that a caller may open, with where they
// ended at one moment.
func RecordsOf(ctx context.Context, desk *secretariat.Desk, id string, who secretariat.Caller) (Records, error) {
	out := Records{Talks: id, Records: []RecordHead{}}
	names, err := desk.Records(ctx, id, who)
	if err != nil {
		return out, err
	}
	err = desk.Look(ctx, id, who, func(s secretariat.Sight) error {
		for _, name := range names {
			head := s.Heads[name]
			out.Records = append(out.Records, RecordHead{name, head.Size, string(head.Note)})
		}
		return nil
	})
	return out, err
}

// A stretch of a record is what a request asks to read.
type stretch struct {
	id    string
	who   secretariat.Caller
	name  record.Name
	after int64
}

// asked reads who asks for which record, and from where on.
func (a *API) asked(r *http.Request) (s stretch, err error) {
	if s.who, err = a.caller(r); err != nil {
		return s, err
	}
	s.id = r.PathValue("id")
	query := r.URL.Query()
	if s.name, err = NameOf(s.id, query.Get("record")); err != nil {
		return s, err
	}
	s.after, err = number("after", query.Get("after"))
	return s, err
}

// number reads a number of an entry, or nought where there is none.
func number(field, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != text {
		return 0, no(ruling.Invalid, "api.number", "Field", field, "Given", clip(text))
	}
	return n, nil
}

// record gives a stretch of a record.
func (a *API) record(w http.ResponseWriter, r *http.Request) error {
	s, err := a.asked(r)
	if err != nil {
		return err
	}
	page, err := a.page(r, s)
	if err != nil {
		return err
	}
	write(w, http.StatusOK, page)
	return nil
}

func (a *API) page(r *http.Request, s stretch) (Page, error) {
	page := Page{Record: s.name, Entries: []Entry{}}
	teller, err := NewTeller(r.Context(), a.Desk, a.Book, s.id, s.who, lang(r))
	if err != nil {
		return page, err
	}
	bytes := 0
	for seen, err := range a.Desk.Read(r.Context(), s.id, s.who, s.name, s.after) {
		if err != nil {
			return page, err
		}
		if len(page.Entries) == mostEntries || bytes > mostPage {
			page.Next = seen.Number - 1
			break
		}
		e, err := teller.Entry(seen)
		if err != nil {
			return page, err
		}
		e.Record = ""
		bytes += len(e.Structure) + 2*len(e.Words) // which are also said
		page.Entries = append(page.Entries, e)
	}
	err = a.Desk.Look(r.Context(), s.id, s.who, func(sight secretariat.Sight) error {
		page.Size = sight.Heads[s.name].Size
		return nil
	})
	return page, err
}

// proof gives the receipt of an entry as of now, as a C2SP tlog-proof.
func (a *API) proof(w http.ResponseWriter, r *http.Request) error {
	s, err := a.asked(r)
	if err != nil {
		return err
	}
	n, err := number("number", r.PathValue("n"))
	if err != nil {
		return err
	}
	receipt, err := a.Desk.Prove(r.Context(), s.id, s.who, s.name, n)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write(receipt.Marshal())
	return nil
}

// bundle gives everything that the caller may read of the talks in the one
// form that verifies without the house.
func (a *API) bundle(w http.ResponseWriter, r *http.Request) error {
	who, err := a.caller(r)
	if err != nil {
		return err
	}
	out := &slowly{w: w, control: http.NewResponseController(w)}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	err = a.Desk.Export(r.Context(), r.PathValue("id"), who, out)
	switch {
	case err == nil:
		return nil
	case !out.begun:
		w.Header().Del("Content-Type")
		return err
	}
	if a.Log != nil && r.Context().Err() == nil {
		a.Log.Error("a bundle broke off", "path", r.URL.Path, "why", err)
	}
	panic(http.ErrAbortHandler) // so that nobody takes the part for the whole
}

// writeTime is for how long one write may wait for a slow reader.
const writeTime = 30 * time.Second

// slowly is a long answer: every write has its own deadline, and there is none
// for the whole.
type slowly struct {
	w       http.ResponseWriter
	control *http.ResponseController
	begun   bool
}

func (s *slowly) Write(p []byte) (int, error) {
	s.begun = true
	s.control.SetWriteDeadline(time.Now().Add(writeTime)) // where it is not supported there is none
	return s.w.Write(p)
}
