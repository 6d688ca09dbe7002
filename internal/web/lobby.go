package web

import (
	"net/http"
	"slices"

	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/secretariat"
)

// A lobbyView is where everybody comes in: the talks in which one has a seat,
// and those that the public knows of.
type lobbyView struct {
	*voice
	Name      string // of whoever is signed in
	Signed    bool
	Own       []doorway
	Announced []doorway
}

func (h *house) lobby(w http.ResponseWriter, r *http.Request, v visit) error {
	p := lobbyView{voice: h.plain(), Signed: v.signed, Name: v.Person.Name}
	own, err := h.own(r, v)
	if err != nil {
		return err
	}
	for _, id := range own {
		d, err := h.doorway(r, v, id)
		if err != nil {
			return err
		}
		p.Own = append(p.Own, d)
	}
	announced, err := h.Desk.Announced(r.Context())
	if err != nil {
		return err
	}
	for _, id := range announced {
		err := h.Desk.Look(r.Context(), id, secretariat.Caller{}, func(s secretariat.Sight) error {
			p.Announced = append(p.Announced, doorway{"/talks/" + id + "/press", s.Public.Title, s.Public.Text})
			return nil
		})
		if err != nil {
			return err
		}
	}
	return h.show(w, r, http.StatusOK, lobbySheet(p))
}

// own are the talks in which the visitor has a seat or is about to convene.
func (h *house) own(r *http.Request, v visit) ([]string, error) {
	if !v.signed {
		return nil, nil
	}
	who := v.caller()
	ids, err := h.Desk.Talks(r.Context(), who)
	if err == nil && who.Convenes != "" && !slices.Contains(ids, who.Convenes) {
		err := h.Desk.Look(r.Context(), who.Convenes, who, func(s secretariat.Sight) error {
			if s.Seat.Role == seat.Convener {
				ids = append(ids, who.Convenes)
			}
			return nil
		})
		if err != nil && ruling.Of(err).Kind != ruling.Absent {
			return nil, err
		}
	}
	return ids, err
}

// doorway is the way into talks in which the visitor has a seat.
func (h *house) doorway(r *http.Request, v visit, id string) (d doorway, err error) {
	err = h.Desk.Look(r.Context(), id, v.caller(), func(s secretariat.Sight) error {
		d.Href = "/talks/" + id
		switch voice := h.voiceAt(s); {
		case s.Seat.Role == seat.Convener:
			d.Name, d.Note = voice.say("page.convene-talks", "ID", id), voice.say("page.convene-note")
		case s.Talks == nil:
			d.Name, d.Note = or(s.Public.Title, id), voice.say("page.host-short")
		default:
			d.Name, d.Note = s.Talks.Title, voice.as(s.Seat).String()
		}
		return nil
	})
	return d, err
}

// talksPage leads to where a visitor of talks belongs.
func (h *house) talksPage(w http.ResponseWriter, r *http.Request, v visit) error {
	to := ""
	err := h.look(r, v, func(s secretariat.Sight) error {
		switch {
		case s.Seat.Role == seat.Convener:
			to = "/convene"
		case s.Talks != nil && s.Talks.Open():
			to = "/board"
		default:
			to = "/press"
		}
		return nil
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/talks/"+r.PathValue("id")+to, http.StatusSeeOther)
	return nil
}

// A conveneView is where the holder of the first link convenes the talks.
type conveneView struct {
	*voice
	ID   string
	Form form
}

func (h *house) convenePage(w http.ResponseWriter, r *http.Request, v visit) error {
	var p conveneView
	err := h.look(r, v, func(s secretariat.Sight) error {
		if s.Seat.Role != seat.Convener {
			return ruling.Nothing()
		}
		p.voice, p.ID = h.plain(), s.ID
		var ok bool
		typed := map[string][]string{"name": {v.Person.Name}}
		if p.Form, ok = h.form(p.voice, s, "convene", desired{typed: typed}); !ok {
			return ruling.Nothing()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, conveneSheet(p))
}

// A rulesView is the rules of procedure.
type rulesView struct {
	*voice
	Book rulebook
}

func (h *house) rulesPage(w http.ResponseWriter, r *http.Request, _ visit) error {
	return h.show(w, r, http.StatusOK, rulesSheet(rulesView{h.plain(), h.rules}))
}
