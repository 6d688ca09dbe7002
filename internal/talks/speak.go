package talks

import (
	"strings"
	"time"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// Speak puts a statement on the record and gives the floor back. Only the side
// that has the floor speaks; the chair may also speak while nobody has it
// (rule 23). What is kept is exact words, a summary, or only that one spoke;
// it is never edited (rule 40). In the public part, and if the speaker says so,
// the words enter the public record as well (rule 41).
type Speak struct {
	Text        string `form:"long optional"`
	Kept        Level
	Public      bool
	Language    string  `form:"optional"` // BCP 47 of the language spoken
	DeliveredBy string  `json:"delivered-by" form:"optional"`
	Lasted      Minutes `json:"lasted" form:"optional"` // entered after the fact: how long the turn lasted
	AfterTheFact
}

// A Level says how much of a statement the record keeps.
type Level string

const (
	Exact   Level = "exact"
	Summary Level = "summary"
	Spoke   Level = "spoke"
)

// Choices lists the levels.
func (Level) Choices() []string { return []string{string(Exact), string(Summary), string(Spoke)} }

func (a Speak) decide(t *Talks, by seat.Seat, at Moment) ([]Event, error) {
	m, err := t.inSession(23)
	if err != nil {
		return nil, err
	}
	if err := mayTake(m, by); err != nil {
		return nil, err
	}
	if err := a.keep(t, m); err != nil {
		return nil, err
	}
	when, err := a.moment(at, m.Opened.Time)
	if err != nil {
		return nil, err
	}
	e := StatementMade{Side: by.Side(), Seat: by.Key, Kept: a.Kept, Public: a.Public, Language: a.Language, At: when,
		Lasted: a.lasted(m, when), Text: a.Text, DeliveredBy: a.DeliveredBy, Source: a.Source}
	if m.Unattributed {
		return []Event{UnattributedStatement{Kept: a.Kept, At: at, Text: a.Text}}, nil
	}
	events := []Event{e}
	if a.Public {
		events = append(events, PublicWords{At: at, Kept: a.Kept, By: t.Attribution(by), Text: a.Text})
	}
	return events, nil
}

// mayTake refuses whoever does not have the floor.
func mayTake(m *Meeting, by seat.Seat) error {
	if m.Unattributed {
		return nil // who speaks is not kept, so neither is whose turn it is
	}
	turn := m.Floor.Turn
	if turn != nil && turn.Side == by.Side() || turn == nil && by.Chair {
		return nil
	}
	return ruling.No(ruling.OutOfOrder, 23, "no-floor", "Side", phrasebook.Side(by.Side()))
}

// keep holds the words to the level they are kept at.
func (a Speak) keep(t *Talks, m *Meeting) error {
	empty := strings.TrimSpace(a.Text) == ""
	switch {
	case a.Kept == "":
		return ruling.No(ruling.Invalid, 40, "needs-level")
	case m.Keep == KeepNothing:
		return ruling.No(ruling.OutOfOrder, 40, "nothing-kept")
	case !m.Keep.allows(a.Kept):
		return ruling.No(ruling.OutOfOrder, 40, "kept-too-much", "Keep", phrasebook.Term("keep."+string(m.Keep)))
	case a.Kept == Spoke && !empty:
		return ruling.No(ruling.Invalid, 40, "no-substance-kept")
	case a.Kept != Spoke && empty:
		return ruling.No(ruling.Invalid, 40, "needs-words")
	case a.Public && m.Part != Open:
		return ruling.No(ruling.OutOfOrder, 41, "part-is-closed")
	case a.Public && !t.Announced:
		return ruling.No(ruling.OutOfOrder, 41, "not-announced")
	case a.Public && a.Kept == Spoke:
		return ruling.No(ruling.Invalid, 41, "nothing-to-publish")
	case a.Lasted < 0 || a.Lasted > 24*60:
		return ruling.No(ruling.Invalid, 25, "bad-limit", "Given", int(a.Lasted))
	}
	return nil
}

// lasted is how long the turn lasted, in whole minutes.
func (a Speak) lasted(m *Meeting, when Moment) Minutes {
	if a.Lasted > 0 || m.Floor.Turn == nil {
		return a.Lasted
	}
	return Minutes(max(0, when.Time.Sub(m.Floor.Turn.Since)).Round(time.Minute) / time.Minute)
}

// StatementMade is what somebody said.
type StatementMade struct {
	Side        string
	Seat        seat.Key
	Kept        Level
	Public      bool
	Language    string
	At          Moment
	Lasted      Minutes
	Text        string `words:"yes"`
	DeliveredBy string `json:"delivered-by" words:"yes"`
	Source      string `words:"yes"`
}

func (e StatementMade) apply(t *Talks, on Entered) {
	t.statements[on.Number] = statement{e.Side, e.Seat, e.Text}
	m := t.Meeting()
	if m == nil {
		return
	}
	m.Floor.Yield(e.At.Time)
	m.Spoken[e.Side] += time.Duration(e.Lasted) * time.Minute
}
func (e StatementMade) Fact() (Moment, string) { return e.At, e.Source }
func (e StatementMade) Phrase() phrasebook.Phrase {
	side := phrasebook.Side(e.Side)
	switch {
	case e.Kept == Spoke:
		return phrasebook.Say("event.spoke", "Side", side, "Lasted", phrasebook.Minutes(time.Duration(e.Lasted)*time.Minute))
	case e.Kept == Summary:
		return phrasebook.Say("event.statement-summary", "Side", side, "Text", phrasebook.Words(e.Text))
	}
	return phrasebook.Say("event.statement-exact", "Side", side, "Text", phrasebook.Words(e.Text))
}

// Correct puts a correction beside a statement of one's own side. The
// statement stands as it was made (rule 26).
type Correct struct {
	Entry int64
	Text  string `form:"long"`
}

func (a Correct) decide(t *Talks, by seat.Seat, _ Moment) ([]Event, error) {
	s, ok := t.statements[a.Entry]
	switch {
	case !ok:
		return nil, ruling.No(ruling.Absent, 26, "no-such-statement", "Entry", int(a.Entry))
	case s.side != by.Side():
		return nil, ruling.No(ruling.Denied, 26, "not-your-statement", "Side", phrasebook.Side(s.side))
	case strings.TrimSpace(a.Text) == "":
		return nil, ruling.No(ruling.Invalid, 26, "needs-words")
	}
	return []Event{StatementCorrected{Entry: a.Entry, Side: by.Side(), Text: a.Text}}, nil
}

// StatementCorrected stands beside the statement it corrects.
type StatementCorrected struct {
	Entry int64
	Side  string
	Text  string `words:"yes"`
}

func (e StatementCorrected) apply(*Talks, Entered) {}
func (e StatementCorrected) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.statement-corrected", "Side", phrasebook.Side(e.Side), "Entry", e.Entry, "Text", phrasebook.Words(e.Text))
}
