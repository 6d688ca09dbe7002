package talks

import (
	"slices"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// ProposeModality proposes how the talks are to be held, under one of the nine
// headings, or counters what was proposed before. What a party had agreed to
// under the heading falls with the words it had agreed to; whoever proposes
// agrees to their own words (rule 33).
type ProposeModality struct {
	Heading Heading
	Text    string `form:"long"`
}

// A Heading is one of the nine questions that are settled before people meet.
type Heading string

// Choices lists the headings in the order of the paper.
func (Heading) Choices() []string {
	return []string{"purpose", "participants-and-level", "format", "venue", "time", "agenda", "languages", "decision-rule", "record-and-press"}
}

func (a ProposeModality) decide(_ *Talks, by seat.Seat, at Moment) ([]Event, error) {
	if a.Heading == "" || strings.TrimSpace(a.Text) == "" {
		return nil, ruling.No(ruling.Invalid, 33, "modality-needs")
	}
	return []Event{ModalityProposed{Heading: a.Heading, Side: by.Side(), Party: by.Party, At: at, Text: a.Text}}, nil
}

// ModalityProposed is what is proposed under a heading.
type ModalityProposed struct {
	Heading Heading
	Side    string
	Party   seat.Party // empty if the mediation proposes
	At      Moment
	Text    string `words:"yes"`
}

// A Modality is what stands under a heading: the words last proposed, and who
// has agreed to them when.
type Modality struct {
	ModalityProposed
	Agreed map[seat.Party]Moment
}

func (e ModalityProposed) apply(t *Talks, _ Entered) {
	m := Modality{ModalityProposed: e, Agreed: map[seat.Party]Moment{}}
	if e.Party != "" {
		m.Agreed[e.Party] = e.At
	}
	if t.Modalities == nil {
		t.Modalities = map[Heading]Modality{}
	}
	t.Modalities[e.Heading] = m
}

// Phrase says what is proposed.
func (e ModalityProposed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.modality-proposed", "Side", phrasebook.Side(e.Side), "Heading", phrasebook.Term("heading."+string(e.Heading)), "Text", phrasebook.Words(e.Text))
}

// AgreeModality agrees, for one's party, to what stands under a heading (rule 33).
type AgreeModality struct {
	Heading Heading
}

func (a AgreeModality) decide(t *Talks, by seat.Seat, at Moment) ([]Event, error) {
	m, proposed := t.Modalities[a.Heading]
	_, agreed := m.Agreed[by.Party]
	switch {
	case !proposed:
		return nil, ruling.No(ruling.OutOfOrder, 33, "nothing-proposed")
	case agreed:
		return nil, ruling.No(ruling.OutOfOrder, 33, "modality-agreed")
	}
	return []Event{ModalityAgreed{Heading: a.Heading, Party: by.Party, At: at}}, nil
}

// ModalityAgreed says that a party agrees to what stands under a heading.
type ModalityAgreed struct {
	Heading Heading
	Party   seat.Party
	At      Moment
}

func (e ModalityAgreed) apply(t *Talks, _ Entered) {
	if m, ok := t.Modalities[e.Heading]; ok {
		m.Agreed[e.Party] = e.At
	}
}

// Phrase says who agrees to what.
func (e ModalityAgreed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.modality-agreed", "Party", phrasebook.Side(e.Party), "Heading", phrasebook.Term("heading."+string(e.Heading)))
}

// Open headings are those that not every party has agreed to, in order.
func (t *Talks) OpenHeadings() (open []Heading) {
	for _, h := range Heading("").Choices() {
		if !t.Settled(Heading(h)) {
			open = append(open, Heading(h))
		}
	}
	return open
}

// Settled reports whether every party has agreed to what stands under a heading.
func (t *Talks) Settled(h Heading) bool {
	m, ok := t.Modalities[h]
	return ok && len(t.Parties) > 0 && !slices.ContainsFunc(t.Parties, func(p Party) bool { _, yes := m.Agreed[p.Key]; return !yes })
}

// Disclose is the mediation's statement of its own interests and relations, for
// each party to take note of before the first meeting (rule 34).
type Disclose struct {
	Text string `form:"long"`
}

func (a Disclose) decide(_ *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	if strings.TrimSpace(a.Text) == "" {
		return nil, ruling.No(ruling.Invalid, 34, "needs-words")
	}
	return []Event{InterestsDisclosed{At: at, Text: a.Text}}, nil
}

// InterestsDisclosed is what the mediation says of itself.
type InterestsDisclosed struct {
	At   Moment
	Text string `words:"yes"`
}

// A Disclosure is the mediation's statement and who has taken note of it.
type Disclosure struct {
	InterestsDisclosed
	Number int64
	Noted  map[seat.Party]Moment
}

func (e InterestsDisclosed) apply(t *Talks, on Entered) {
	t.Disclosures = append(t.Disclosures, Disclosure{e, on.Number, map[seat.Party]Moment{}})
}

// Phrase says what was disclosed.
func (e InterestsDisclosed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.interests-disclosed", "Text", phrasebook.Words(e.Text))
}

// AcknowledgeDisclosure takes note, for one's party, of the mediation's latest
// statement of interests (rule 34).
type AcknowledgeDisclosure struct{}

func (AcknowledgeDisclosure) decide(t *Talks, by seat.Seat, at Moment) ([]Event, error) {
	n := len(t.Disclosures)
	if n == 0 {
		return nil, ruling.No(ruling.OutOfOrder, 34, "nothing-disclosed")
	}
	if _, noted := t.Disclosures[n-1].Noted[by.Party]; noted {
		return nil, ruling.No(ruling.OutOfOrder, 34, "disclosure-noted")
	}
	return []Event{DisclosureAcknowledged{Party: by.Party, At: at}}, nil
}

// DisclosureAcknowledged says that a party has taken note.
type DisclosureAcknowledged struct {
	Party seat.Party
	At    Moment
}

func (e DisclosureAcknowledged) apply(t *Talks, _ Entered) {
	if n := len(t.Disclosures); n > 0 {
		t.Disclosures[n-1].Noted[e.Party] = e.At
	}
}

// Phrase says who has taken note.
func (e DisclosureAcknowledged) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.disclosure-acknowledged", "Party", phrasebook.Side(e.Party))
}
