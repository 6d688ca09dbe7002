package room

import (
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/talks"
)

// PassNote passes a note to another party. Only the two sides and their
// capitals read it; nobody else learns that there was one (rule 60).
type PassNote struct {
	To   seat.Party
	Text string `form:"long"`
}

// Room is the one of the two parties.
func (a PassNote) Room(by seat.Seat) Key { return between(by.Party, a.To) }

func (a PassNote) decide(_ *Room, t *Table, by seat.Seat, at talks.Moment) ([]talks.Event, error) {
	switch {
	case t.Party(a.To) == nil:
		return nil, ruling.No(ruling.Absent, 60, "no-such-party", "Party", string(a.To))
	case a.To == by.Party:
		return nil, ruling.No(ruling.Invalid, 60, "note-to-oneself")
	case strings.TrimSpace(a.Text) == "":
		return nil, ruling.No(ruling.Invalid, 60, "needs-words")
	}
	return []talks.Event{NotePassed{From: by.Party, To: a.To, Seat: by.Key, At: at, Text: a.Text}}, nil
}

// NotePassed is a note from one party to another.
type NotePassed struct {
	From, To seat.Party
	Seat     seat.Key
	At       talks.Moment
	Text     string `words:"yes"`
}

func (e NotePassed) apply(r *Room, _ talks.Entered) { r.Notes = append(r.Notes, e) }

// Phrase says the note to its two readers.
func (e NotePassed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.note-passed", "From", phrasebook.Side(e.From), "To", phrasebook.Side(e.To), "Text", phrasebook.Words(e.Text))
}
