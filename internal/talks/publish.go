package talks

import (
	"strings"
	"time"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// Announce tells the public that the talks exist, under a title of its own.
// Until then there is no public record, and nothing can be published (rule 41).
type Announce struct {
	Title string
	Text  string `form:"long optional"`
}

func (a Announce) decide(t *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	switch {
	case t.Announced:
		return nil, ruling.No(ruling.OutOfOrder, 41, "announced-already")
	case strings.TrimSpace(a.Title) == "":
		return nil, ruling.No(ruling.Invalid, 41, "needs-title")
	}
	return []Event{
		TalksAnnounced(a),
		PublicAnnouncement{At: at, Zone: t.Zone, Title: a.Title, Text: a.Text},
	}, nil
}

// TalksAnnounced says at the table that the talks are public knowledge.
type TalksAnnounced struct {
	Title string `words:"yes"`
	Text  string `words:"yes"`
}

func (e TalksAnnounced) apply(t *Talks, _ Entered) { t.Announced = true }
func (e TalksAnnounced) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.talks-announced", "Title", phrasebook.Words(e.Title))
}

// Publish enters words into the public record: words of a statement, exactly
// as they stand in it, or words of one's own. A side publishes its own words
// and nobody else's; the mediation and the chair speak for the mediation
// (rule 42).
type Publish struct {
	Entry int64  `form:"optional"` // number of the statement they are taken from
	Words string `form:"long"`
}

func (a Publish) decide(t *Talks, by seat.Seat, at Moment) ([]Event, error) {
	s, ok := t.statements[a.Entry]
	switch {
	case !t.Announced:
		return nil, ruling.No(ruling.OutOfOrder, 41, "not-announced")
	case strings.TrimSpace(a.Words) == "":
		return nil, ruling.No(ruling.Invalid, 42, "needs-words")
	case a.Entry != 0 && !ok:
		return nil, ruling.No(ruling.Absent, 42, "no-such-statement", "Entry", int(a.Entry))
	case a.Entry != 0 && s.side != by.Side():
		return nil, ruling.No(ruling.Denied, 42, "not-your-statement", "Side", phrasebook.Side(s.side))
	case a.Entry != 0 && !strings.Contains(s.text, a.Words):
		return nil, ruling.No(ruling.Invalid, 42, "not-the-exact-words", "Entry", int(a.Entry))
	}
	return []Event{
		WordsPublished{Side: by.Side(), Seat: by.Key, Entry: a.Entry, Words: a.Words},
		PublicWords{At: at, Kept: Exact, By: t.Attribution(by), Text: a.Words},
	}, nil
}

// Attribution is how the public reads who spoke: the name of the side, and of
// the chair as chair.
func (t *Talks) Attribution(by seat.Seat) string {
	if by.Party != "" {
		if p := t.Party(by.Party); p != nil {
			return p.Name
		}
	}
	return t.Mediation
}

// WordsPublished says at the table what was told to the public.
type WordsPublished struct {
	Side  string
	Seat  seat.Key
	Entry int64  // of the statement; 0 if the words were written to be published
	Words string `words:"yes"`
}

func (e WordsPublished) apply(*Talks, Entered) {}
func (e WordsPublished) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.words-published", "Side", phrasebook.Side(e.Side), "Words", phrasebook.Words(e.Words))
}

// IssueHoldingLine gives the press a line for as long as there is nothing to
// say. It lapses by itself (rule 43). A side has one at a time.
type IssueHoldingLine struct {
	Text  string
	Until time.Time
}

func (a IssueHoldingLine) decide(t *Talks, by seat.Seat, at Moment) ([]Event, error) {
	switch {
	case !t.Announced:
		return nil, ruling.No(ruling.OutOfOrder, 41, "not-announced")
	case strings.TrimSpace(a.Text) == "":
		return nil, ruling.No(ruling.Invalid, 43, "needs-words")
	case a.Until.IsZero() || !a.Until.After(at.Time):
		return nil, ruling.No(ruling.Invalid, 43, "needs-expiry")
	case t.line(by.Side()) != nil:
		return nil, ruling.No(ruling.OutOfOrder, 43, "line-stands", "Side", phrasebook.Side(by.Side()))
	}
	until := at.Told(a.Until)
	return []Event{
		HoldingLineIssued{Side: by.Side(), Until: until, Text: a.Text},
		PublicLine{Side: by.Side(), At: at, Until: until, By: t.Attribution(by), Text: a.Text},
	}, nil
}

// line returns the holding line of a side that stands, or nil.
func (t *Talks) line(side string) *HoldingLine {
	for i := range t.Lines {
		if l := &t.Lines[i]; l.Side == side && !l.Over {
			return l
		}
	}
	return nil
}

// HoldingLineIssued says what the press is told for now.
type HoldingLineIssued struct {
	Side  string
	Until Moment
	Text  string `words:"yes"`
}

func (e HoldingLineIssued) apply(t *Talks, on Entered) {
	t.Lines = append(t.Lines, HoldingLine{Number: on.Number, Side: e.Side, Text: e.Text, Until: e.Until})
}
func (e HoldingLineIssued) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.holding-line-issued", "Side", phrasebook.Side(e.Side), "Text", phrasebook.Words(e.Text), "Until", e.Until.Say())
}

// WithdrawHoldingLine takes one's own side's line back before it lapses (rule 43).
type WithdrawHoldingLine struct{}

func (WithdrawHoldingLine) decide(t *Talks, by seat.Seat, at Moment) ([]Event, error) {
	if t.line(by.Side()) == nil {
		return nil, ruling.No(ruling.OutOfOrder, 43, "no-line", "Side", phrasebook.Side(by.Side()))
	}
	return []Event{HoldingLineWithdrawn{Side: by.Side()}, PublicLineEnded{Side: by.Side(), At: at}}, nil
}

// HoldingLineWithdrawn says that a side's line stands no longer.
type HoldingLineWithdrawn struct {
	Side string
}

func (e HoldingLineWithdrawn) apply(t *Talks, _ Entered) { t.endLine(e.Side) }
func (e HoldingLineWithdrawn) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.holding-line-withdrawn", "Side", phrasebook.Side(e.Side))
}

func (t *Talks) endLine(side string) {
	if l := t.line(side); l != nil {
		l.Over = true
	}
}

// LetHoldingLineLapse enters that a line's time is up (rule 43).
type LetHoldingLineLapse struct {
	Side string
}

func (a LetHoldingLineLapse) decide(t *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	l := t.line(a.Side)
	if l == nil || l.Until.Time.After(at.Time) {
		return nil, ruling.No(ruling.OutOfOrder, 43, "nothing-due")
	}
	return []Event{HoldingLineLapsed{Side: a.Side, Due: l.Until}, PublicLineEnded{Side: a.Side, At: l.Until}}, nil
}

// HoldingLineLapsed says that a line's time was up, and when it was.
type HoldingLineLapsed struct {
	Side string
	Due  Moment
}

func (e HoldingLineLapsed) apply(t *Talks, _ Entered) { t.endLine(e.Side) }
func (e HoldingLineLapsed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.holding-line-lapsed", "Side", phrasebook.Side(e.Side), "Due", e.Due.Say())
}
