package talks

import (
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// Convene opens talks. Only the holder of the house's first link may, and only
// once (rule 1); whoever convenes is the mediator until another is named.
type Convene struct {
	Title     string
	Mediation string   // what the mediating side is called
	Zone      string   // IANA name; the desk has seen to it that it exists
	Template  Template `form:"optional"`
	Name      string   // of whoever convenes
}

func (a Convene) decide(t *Talks, by seat.Seat, at Moment) ([]Event, error) {
	switch {
	case t.Open():
		return nil, ruling.No(ruling.OutOfOrder, 1, "already-convened")
	case strings.TrimSpace(a.Title) == "":
		return nil, ruling.No(ruling.Invalid, 1, "needs-title")
	case strings.TrimSpace(a.Mediation) == "" || strings.TrimSpace(a.Name) == "":
		return nil, ruling.No(ruling.Invalid, 1, "needs-names")
	case a.Zone == "":
		return nil, ruling.No(ruling.Invalid, 1, "needs-zone")
	}
	return []Event{TalksConvened{Person: by.Person, At: at, Zone: a.Zone, Template: a.Template,
		Title: a.Title, Mediation: a.Mediation, Name: a.Name}}, nil
}

// TalksConvened is the first entry of every joint record.
type TalksConvened struct {
	Person    seat.Person
	At        Moment
	Zone      string
	Template  Template `form:"optional"`
	Title     string   `words:"yes"`
	Mediation string   `words:"yes"`
	Name      string   `words:"yes"`
}

func (e TalksConvened) apply(t *Talks, _ Entered) {
	t.Title, t.Mediation, t.Zone, t.Template, t.Convened = e.Title, e.Mediation, e.Zone, string(e.Template), e.At
	t.statements = map[int64]statement{}
	t.newSeat(seat.Seat{Key: t.nextKey(0), Person: e.Person, Role: seat.Mediator, Name: e.Name})
}

func (e TalksConvened) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.talks-convened", "Title", phrasebook.Words(e.Title), "Mediation", phrasebook.Words(e.Mediation), "Name", phrasebook.Words(e.Name))
}

// A Template of procedure says in whose words the procedure is told.
type Template string

// Choices lists the templates.
func (Template) Choices() []string {
	return []string{"diplomatic", "labour", "commercial", "community"}
}

// CloseTalks ends the talks for good. Nothing more is entered but what is due.
type CloseTalks struct {
	Reason string `form:"long"`
}

func (a CloseTalks) decide(t *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	switch {
	case t.Meeting() != nil:
		return nil, ruling.No(ruling.OutOfOrder, 1, "meeting-still-open")
	case strings.TrimSpace(a.Reason) == "":
		return nil, ruling.No(ruling.Invalid, 1, "needs-reason")
	}
	return []Event{TalksClosed{At: at, Reason: a.Reason}}, nil
}

// TalksClosed says that the talks have ended.
type TalksClosed struct {
	At     Moment
	Reason string `words:"yes"`
}

func (e TalksClosed) apply(t *Talks, _ Entered) { t.Closed = &e.At }
func (e TalksClosed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.talks-closed", "Reason", phrasebook.Words(e.Reason))
}
