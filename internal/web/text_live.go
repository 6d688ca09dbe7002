package web

import (
	"net/http"
	"reflect"
	"slices"

	"parley/internal/secretariat"
	"parley/internal/text"
)

// textStream tells a page of a text what has changed, in pieces: the clauses
// that are others, the panel that is open, and what stands under the text. A
// page that shows the text some other way is told to load again.
func (h *house) textStream(w http.ResponseWriter, r *http.Request, v visit) error {
	l := &textListener{house: h}
	return h.stream(w, r, v, feed{v.caller(), l.next})
}

// A textListener knows what its page has.
type textListener struct {
	*house
	clauses []text.Clause // as the page has them; nil until it is known
	numbers map[text.ID]string
	open    map[text.ID]string
	unnamed bool
}

func (l *textListener) next(r *http.Request, v visit, after int64) (events []event, last int64, err error) {
	var d *drafting
	var pieces []event
	var numbers []int64
	q := r.URL.Query()
	err = l.lookAtText(r, v, func(s secretariat.Sight, now *drafting) (err error) {
		d = now
		if last = max(after, d.last()); last > after {
			pieces, err = l.pieces(s, d, q.Get("view"), q.Get("whole") != "", r)
			for _, c := range d.tabled.Changes {
				if c.Number > after {
					numbers = append(numbers, c.Number)
				}
			}
		}
		l.clauses, l.numbers, l.open, l.unnamed = d.draft().Text.Clauses, d.numbers, d.open, d.draft().Unnamed
		return err
	})
	if err != nil || len(numbers) == 0 {
		return nil, last, err
	}
	if len(numbers) > mostMissed || len(pieces) > 0 && pieces[0].kind == "again" {
		return []event{{last, "again", ""}}, last, nil
	}
	lines, err := l.lately(r, v, d, numbers)
	if err != nil {
		return nil, after, err
	}
	// The entry goes last, so that whoever listens to the page hears it when it shows.
	events = pieces
	for _, line := range lines {
		events = append(events, event{0, "entry", line})
	}
	events[len(events)-1].id = last
	return events, last, nil
}

// pieces renders what is not as the page has it.
func (l *textListener) pieces(s secretariat.Sight, d *drafting, view string, whole bool, r *http.Request) (events []event, err error) {
	if whole {
		return []event{{kind: "again"}}, nil
	}
	add := func(html string, e error) {
		if err == nil {
			err = e
		}
		events = append(events, event{0, "piece", html})
	}
	if view == "projector" {
		add(render(textScreen(l.textProjectorView(s, d, text.ID(r.URL.Query().Get("clause"))))))
		return events, err
	}
	p := l.panel(s, d, r.URL.Query())
	add(render(textHeading(d.head())))
	if !l.sameShape(d) {
		add(render(treaty(textView{D: d, Clauses: d.clauses(p), Panel: p, Reserves: d.reserves(), Notes: d.footnotes(), All: true})))
		add(render(textTools(d.voice, l.textForms(s, d))))
		return events, err
	}
	for i := range d.draft().Text.Clauses {
		c := &d.draft().Text.Clauses[i]
		if reflect.DeepEqual(*c, l.clauses[i]) && !l.marksMoved(c, d) && l.open[c.ID] == d.open[c.ID] {
			continue
		}
		x := d.clause(c, p)
		x.Panel = nil // it has a piece of its own
		add(render(clausePiece(x)))
	}
	if p != nil {
		add(render(openPanel(p)))
	}
	add(render(reserveList(d.reserves())))
	add(render(textTools(d.voice, l.textForms(s, d))))
	return events, err
}

// sameShape reports whether the clauses are the same ones, under the same
// numbers, shown with or without sides as before.
func (l *textListener) sameShape(d *drafting) bool {
	now := d.draft().Text.Clauses
	return l.clauses != nil && l.unnamed == d.draft().Unnamed && slices.EqualFunc(l.clauses, now, func(a, b text.Clause) bool {
		return a.ID == b.ID && a.Number == b.Number && a.Kind == b.Kind
	})
}

// marksMoved reports whether a reserve on the clause has another mark.
func (l *textListener) marksMoved(c *text.Clause, d *drafting) bool {
	for r := range c.AllReserves {
		if l.numbers[r.ID] != d.numbers[r.ID] {
			return true
		}
	}
	return false
}
