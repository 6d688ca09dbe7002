package talks

import (
	"time"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
)

// A Moment is an instant as people name it: with the offset that held there
// and the name of the zone.
type Moment struct {
	Time        time.Time `json:"time"` // with offset
	Zone        string    `json:"zone,omitempty"`
	Approximate bool      `json:"approximate,omitempty"`
	Late        bool      `json:"late,omitempty"` // entered after the fact
}

// At makes a moment of a time and the name of its zone.
func At(t time.Time, zone string) Moment { return Moment{Time: t, Zone: zone} }

// Told is an instant that somebody named, told in the zone of this moment,
// whatever offset they wrote it with.
func (m Moment) Told(t time.Time) Moment { return Moment{Time: t.In(m.Time.Location()), Zone: m.Zone} }

// Say gives the moment as an argument of phrases.
func (m Moment) Say() phrasebook.Time { return phrasebook.Time{At: m.Time, Zone: m.Zone} }

// AfterTheFact lets an act say that what it enters happened earlier. Without
// it, a thing happens when it is entered.
type AfterTheFact struct {
	When        time.Time `json:"when" form:"optional"`
	Approximate bool      `json:"approximate"`
	Source      string    `json:"source" form:"optional"`
}

// moment returns when the thing happened. It may not lie in the future, nor
// before what it follows on (rule 13).
func (f AfterTheFact) moment(at Moment, notBefore time.Time) (Moment, error) {
	if f.When.IsZero() {
		if at.Time.Before(notBefore) {
			return at, ruling.No(ruling.Invalid, 13, "before-what-it-follows", "Time", phrasebook.Time{At: notBefore, Zone: at.Zone})
		}
		at.Approximate = f.Approximate
		return at, nil
	}
	switch {
	case f.When.After(at.Time):
		return at, ruling.No(ruling.Invalid, 13, "in-the-future", "Time", at.Told(f.When).Say())
	case f.When.Before(notBefore):
		return at, ruling.No(ruling.Invalid, 13, "before-what-it-follows", "Time", phrasebook.Time{At: notBefore, Zone: at.Zone})
	}
	when := at.Told(f.When)
	when.Approximate, when.Late = f.Approximate, true
	return when, nil
}

// A Timed event may have been entered after the fact.
type Timed interface {
	Event
	Fact() (at Moment, source string)
}

// Aside says, for an event entered after the fact or at a time known only
// approximately, when it happened and on whose word. For others it says nothing.
func Aside(e Event) (phrasebook.Phrase, bool) {
	t, ok := e.(Timed)
	if !ok {
		return phrasebook.Phrase{}, false
	}
	at, source := t.Fact()
	key := ""
	switch {
	case at.Late && at.Approximate:
		key = "aside.late-approximate"
	case at.Late:
		key = "aside.late"
	case at.Approximate:
		key = "aside.approximate"
	case source != "":
		return phrasebook.Say("aside.source", "Source", phrasebook.Words(source)), true
	default:
		return phrasebook.Phrase{}, false
	}
	if source != "" {
		key += "-source"
	}
	return phrasebook.Say(key, "Time", at.Say(), "Source", phrasebook.Words(source)), true
}
