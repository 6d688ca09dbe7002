package talks

import (
	"strings"
	"time"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// RecordOutside keeps what was said or done outside the talks: a statement, a
// call, a visit, an event. It says who told it, and how far it is to be relied
// on; what is alleged is never smoothed into fact (rule 17).
type RecordOutside struct {
	As          Outside
	Who         string
	Text        string `form:"long"` // a summary, in words of one's own
	Where       string `form:"optional"`
	Source      string
	Reliability Reliability
	When        time.Time `form:"optional"`
	Approximate bool
}

// An Outside is what kind of thing happened outside.
type Outside string

// Choices lists the kinds.
func (Outside) Choices() []string {
	return []string{"statement", "call", "visit", "event", "complaint"}
}

// A Reliability says how far something is to be relied on.
type Reliability string

const (
	Confirmed Reliability = "confirmed"
	Reported  Reliability = "reported"
	Alleged   Reliability = "alleged" // by somebody who is not named
)

// Choices lists the degrees, from the surest.
func (Reliability) Choices() []string {
	return []string{string(Confirmed), string(Reported), string(Alleged)}
}

func (a RecordOutside) decide(_ *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	switch {
	case a.As == "" || a.Reliability == "":
		return nil, ruling.No(ruling.Invalid, 17, "needs-reliability")
	case strings.TrimSpace(a.Source) == "":
		return nil, ruling.No(ruling.Invalid, 17, "needs-source")
	case strings.TrimSpace(a.Who) == "" || strings.TrimSpace(a.Text) == "":
		return nil, ruling.No(ruling.Invalid, 17, "needs-words")
	}
	when, err := AfterTheFact{When: a.When, Approximate: a.Approximate}.moment(at, time.Time{})
	if err != nil {
		return nil, err
	}
	return []Event{OutsideRecorded{As: a.As, Reliability: a.Reliability, At: when, Who: a.Who, Text: a.Text, Where: a.Where, Source: a.Source}}, nil
}

// OutsideRecorded is something that happened outside the talks.
type OutsideRecorded struct {
	As          Outside
	Reliability Reliability
	At          Moment
	Who         string `words:"yes"`
	Text        string `words:"yes"`
	Where       string `words:"yes"`
	Source      string `words:"yes"`
}

// An OutsideMatter is a line of the register of what happened outside.
type OutsideMatter struct {
	OutsideRecorded
	Number int64
}

func (e OutsideRecorded) apply(t *Talks, on Entered) {
	t.Outside = append(t.Outside, OutsideMatter{e, on.Number})
}

// Fact says when it was, and on whose word.
func (e OutsideRecorded) Fact() (Moment, string) { return e.At, e.Source }

// Phrase says it in the mood that its reliability allows.
func (e OutsideRecorded) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.outside-"+string(e.Reliability), "As", phrasebook.Term("outside."+string(e.As)),
		"Who", phrasebook.Words(e.Who), "Text", phrasebook.Words(e.Text))
}

// RecordSideMeeting keeps that a meeting took place in another format: who met,
// on what, and which of it lies outside the mandate of these talks (rule 18).
type RecordSideMeeting struct {
	Title        string
	Participants string `form:"long"`
	Topics       string `form:"optional"`
	Beyond       string `form:"optional"` // topics outside the mandate
	Where        string `form:"optional"`
	Source       string
	Reliability  Reliability
	When         time.Time `form:"optional"`
	Approximate  bool
}

func (a RecordSideMeeting) decide(_ *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	switch {
	case strings.TrimSpace(a.Title) == "" || strings.TrimSpace(a.Participants) == "":
		return nil, ruling.No(ruling.Invalid, 18, "side-meeting-needs")
	case a.Reliability == "":
		return nil, ruling.No(ruling.Invalid, 18, "needs-reliability")
	case strings.TrimSpace(a.Source) == "":
		return nil, ruling.No(ruling.Invalid, 18, "needs-source")
	}
	when, err := AfterTheFact{When: a.When, Approximate: a.Approximate}.moment(at, time.Time{})
	if err != nil {
		return nil, err
	}
	return []Event{SideMeetingRecorded{Reliability: a.Reliability, At: when, Title: a.Title, Participants: a.Participants,
		Topics: a.Topics, Beyond: a.Beyond, Where: a.Where, Source: a.Source}}, nil
}

// SideMeetingRecorded is a meeting in another format.
type SideMeetingRecorded struct {
	Reliability  Reliability
	At           Moment
	Title        string `words:"yes"`
	Participants string `words:"yes"`
	Topics       string `words:"yes"`
	Beyond       string `words:"yes"`
	Where        string `words:"yes"`
	Source       string `words:"yes"`
}

// A SideMeeting is a line of the register of meetings in other formats.
type SideMeeting struct {
	SideMeetingRecorded
	Number int64
}

func (e SideMeetingRecorded) apply(t *Talks, on Entered) {
	t.SideMeetings = append(t.SideMeetings, SideMeeting{e, on.Number})
}

// Fact says when it was, and on whose word.
func (e SideMeetingRecorded) Fact() (Moment, string) { return e.At, e.Source }

// Phrase says who met, and about what.
func (e SideMeetingRecorded) Phrase() phrasebook.Phrase {
	key := "event.side-meeting-" + string(e.Reliability)
	if e.Beyond != "" {
		key += "-beyond"
	}
	return phrasebook.Say(key, "Title", phrasebook.Words(e.Title), "Participants", phrasebook.Words(e.Participants), "Beyond", phrasebook.Words(e.Beyond))
}

// LinkEarlier links an earlier round, agreement or contact, to be read and not
// changed (rule 16).
type LinkEarlier struct {
	As          Earlier
	Title       string
	Text        string `form:"optional long"` // what it contained, in words of one's own
	Direct      bool   // the parties met face to face: counts as direct contact
	Source      string
	When        time.Time
	Until       time.Time `form:"optional"`
	Approximate bool
}

// An Earlier is what kind of thing went before.
type Earlier string

// Choices lists the kinds.
func (Earlier) Choices() []string { return []string{"round", "agreement", "contact"} }

func (a LinkEarlier) decide(t *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	switch {
	case a.As == "" || strings.TrimSpace(a.Title) == "":
		return nil, ruling.No(ruling.Invalid, 16, "earlier-needs")
	case strings.TrimSpace(a.Source) == "":
		return nil, ruling.No(ruling.Invalid, 16, "needs-source")
	case a.When.IsZero() || a.When.After(t.Convened.Time) || a.Until.After(at.Time):
		return nil, ruling.No(ruling.Invalid, 16, "earlier-when")
	}
	e := EarlierLinked{As: a.As, Direct: a.Direct, Title: a.Title, Text: a.Text, Source: a.Source,
		At: at.Told(a.When)}
	e.At.Approximate, e.At.Late = a.Approximate, true
	if !a.Until.IsZero() {
		until := at.Told(a.Until)
		e.Until = &until
	}
	return []Event{e}, nil
}

// EarlierLinked is something that went before these talks.
type EarlierLinked struct {
	As     Earlier
	Direct bool
	At     Moment
	Until  *Moment
	Title  string `words:"yes"`
	Text   string `words:"yes"`
	Source string `words:"yes"`
}

// An EarlierMatter is a line of the list of what went before.
type EarlierMatter struct {
	EarlierLinked
	Number int64
}

func (e EarlierLinked) apply(t *Talks, on Entered) {
	t.Earlier = append(t.Earlier, EarlierMatter{e, on.Number})
}

// Fact says when it was, and on whose word.
func (e EarlierLinked) Fact() (Moment, string) { return e.At, e.Source }

// Phrase says what is linked.
func (e EarlierLinked) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.earlier-linked", "As", phrasebook.Term("earlier."+string(e.As)), "Title", phrasebook.Words(e.Title))
}

// LastContact returns when the parties last met directly: at a meeting of these
// talks that all attended, or before them. ok is false if nothing is known.
func (t *Talks) LastContact() (at Moment, ok bool) {
	later := func(m Moment) {
		if !ok || m.Time.After(at.Time) {
			at, ok = m, true
		}
	}
	for _, e := range t.Earlier {
		if e.Direct && e.Until != nil {
			later(*e.Until)
		} else if e.Direct {
			later(e.At)
		}
	}
	for _, m := range t.Meetings {
		if len(m.Absent) == 0 {
			later(m.Opened)
		}
	}
	return at, ok
}
