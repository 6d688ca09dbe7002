package web

import (
	"net/http"

	"parley/internal/phrasebook"
	"parley/internal/secretariat"
	"parley/internal/text"
)

// A textProjectorView is one clause as read from the last row.
type textProjectorView struct {
	frame
	D        *drafting
	Clause   *text.Clause
	Label    string
	Heading  string // of what it stands under
	Status   string
	Sides    []string
	Earlier  string // address of the clause before
	Later    string
	Brackets []*text.Choice
}

func (h *house) textProjector(w http.ResponseWriter, r *http.Request, v visit) error {
	var p textProjectorView
	err := h.lookAtText(r, v, func(s secretariat.Sight, d *drafting) error {
		p = h.textProjectorView(s, d, text.ID(r.URL.Query().Get("clause")))
		place := "text/" + d.tabled.Name
		if d.in != "" {
			place = "drafts/" + d.in + "/" + d.tabled.Name
		}
		p.live(place, d.last())
		p.Stream += "&view=projector&clause=" + string(p.Clause.ID)
		return nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, textProjection(p))
}

// textProjectorView shows a clause, or the first that is open.
func (h *house) textProjectorView(s secretariat.Sight, d *drafting, id text.ID) textProjectorView {
	t := d.draft().Text
	at, first := -1, -1
	for i := range t.Clauses {
		c := &t.Clauses[i]
		if c.ID == id {
			at = i
		}
		if first < 0 && c.Body.Open() {
			first = i
		}
	}
	if at < 0 {
		at = max(first, 0)
	}
	p := textProjectorView{frame: h.textFrame(s, d, "text"), D: d, Clause: &t.Clauses[at], Label: d.labels[t.Clauses[at].ID]}
	if i := t.Parent(at); i >= 0 {
		p.Heading = d.say("page.heading-of", "Heading", d.heading(&t.Clauses[i]), "Words", phrasebook.Words(t.Clauses[i].Body.String()))
	}
	p.Status = d.say("text-status." + statusKey(p.Clause.Status))
	for c := range p.Clause.Body.Choices {
		if c.Form != text.Both {
			p.Brackets = append(p.Brackets, c)
		}
	}
	if d.named() {
		p.Sides = append(d.sidesHere(), "mediation")
	}
	link := func(i, by int) string {
		for i += by; i >= 0 && i < len(t.Clauses); i += by {
			if !t.Clauses[i].Kind.IsHeading() {
				return d.href("view", "projector", "clause", string(t.Clauses[i].ID))
			}
		}
		return ""
	}
	p.Earlier, p.Later = link(at, -1), link(at, 1)
	return p
}
