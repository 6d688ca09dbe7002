package web

import (
	"net/http"
	"slices"

	"parley/internal/record"
	"parley/internal/room"
	"parley/internal/secretariat"
	"parley/internal/talks"
	"parley/internal/text"
)

// A history is what happened to a clause, step by step.
type history struct {
	Heading string
	Steps   []stepTold
	from    int64 // number of the first entry
}

type stepTold struct {
	Number   int64
	Who      string
	When     string
	Words    string
	Edits    []text.Edit
	Withheld bool // entered before this reader was admitted
}

// history gathers the steps of a clause. Whether each is for this reader's
// eyes is settled when the record has been read.
func (d *drafting) history(id text.ID) *history {
	h := &history{Heading: d.say("page.history-of", "Clause", or(d.labels[id], string(id)))}
	changes := make([]text.Change, len(d.tabled.Changes))
	for i := range d.tabled.Changes {
		changes[i] = d.tabled.Changes[i].Change
	}
	for _, s := range text.History(changes, id) {
		c := d.tabled.Changes[s.Index]
		x := stepTold{Number: c.Number, Who: d.reader.Names.SeatName(string(c.Seat)), When: d.oclock(c.At.Time.In(d.zone), d.now), Words: d.text(s.Change.Phrase()).String()}
		if s.Before != nil && s.After != nil && s.Before.Body.String() != s.After.Body.String() {
			x.Edits = text.DiffWords(s.Before.Body.String(), s.After.Body.String())
		}
		h.Steps = append(h.Steps, x)
	}
	if len(h.Steps) > 0 {
		h.from = h.Steps[0].Number
	}
	slices.Reverse(h.Steps)
	return h
}

// recordOf is the record that a text's changes stand in.
func (h *house) recordOf(r *http.Request, v visit, d *drafting) (record.Name, bool, error) {
	if d.in == "" {
		return record.JointName(d.talks), true, nil
	}
	var key room.Key
	err := h.seated(r, v, func(s secretariat.Sight) (err error) {
		key, _, err = roomAt(s, d.in)
		return err
	})
	if err != nil {
		return "", false, err
	}
	return h.Desk.RoomRecord(r.Context(), d.talks, v.caller(), key)
}

// told takes out of a history what is not for this reader's eyes: the desk has
// one rule for that, and it goes by the entries.
func (h *house) told(r *http.Request, v visit, d *drafting, x *history) error {
	name, ok, err := h.recordOf(r, v, d)
	if err != nil || !ok || len(x.Steps) == 0 {
		return err
	}
	reads := map[int64]bool{}
	for s, err := range h.Desk.Read(r.Context(), d.talks, v.caller(), name, x.from-1) {
		if err != nil {
			return err
		}
		reads[s.Number] = !s.Withheld()
	}
	for i := range x.Steps {
		if s := &x.Steps[i]; !reads[s.Number] {
			*s = stepTold{Number: s.Number, Withheld: true, Words: d.say("page.step-withheld")}
		}
	}
	return nil
}

// mostLately is how many of the latest changes a text's page tells.
const mostLately = 8

// lastNumbers are the entries of the latest changes, the earliest first.
func (d *drafting) lastNumbers(most int) (list []int64) {
	for _, c := range d.tabled.Changes[max(0, len(d.tabled.Changes)-most):] {
		list = append(list, c.Number)
	}
	return list
}

// lately reads the pieces of entries that changed the text.
func (h *house) lately(r *http.Request, v visit, d *drafting, numbers []int64) (lines []string, err error) {
	name, ok, err := h.recordOf(r, v, d)
	if err != nil || !ok || len(numbers) == 0 {
		return nil, err
	}
	p := scene{d.voice, d.talks, d.now, d.zone}
	last := numbers[len(numbers)-1]
	for s, err := range h.Desk.Read(r.Context(), d.talks, v.caller(), name, numbers[0]-1) {
		if err != nil {
			return nil, err
		}
		if s.Number > last {
			break
		}
		if !slices.Contains(numbers, s.Number) || !changesText(s, d.tabled.Name) {
			continue
		}
		piece, err := h.line(p, s)
		if err != nil {
			return nil, err
		}
		if piece != "" {
			lines = append(lines, piece)
		}
	}
	return lines, nil
}

// changesText reports whether an entry that may be read changes that text.
func changesText(s *secretariat.Seen, name string) bool {
	switch e := s.Event.(type) {
	case talks.TextChanged:
		return e.Text == name
	case room.TextChangedInRoom:
		return e.Text == name
	}
	return false
}

// A hit is a place where words were found.
type hit struct {
	Href, Where           string
	Before, Words, Behind string
}

// mostHits is how many places a search shows.
const mostHits = 200

// search finds words, in brackets too.
func (d *drafting) search(query string) (list []hit) {
	if len(query) > 200 {
		query = query[:200]
	}
	for x := range d.draft().Text.Search(query) {
		if len(list) == mostHits {
			break
		}
		h := hit{Href: d.base, Where: d.say("page.found-title"), Before: x.Words[:x.At], Words: x.Words[x.At:x.End], Behind: x.Words[x.End:]}
		switch {
		case x.Bracket != "":
			h.Href = d.href("bracket", string(x.Bracket)) + "#panel"
			h.Where = d.say("page.found-option", "Clause", x.Label, "Number", ordinal(x.Bracket), "Option", x.Option)
		case x.Clause != "":
			h.Href, h.Where = d.base+"#clause-"+string(x.Clause), x.Label
		case x.Footnote != "":
			h.Href, h.Where = d.base+"#"+string(x.Footnote), d.say("page.footnote", "Mark", d.notes[x.Footnote])
		}
		list = append(list, h)
	}
	return list
}
