package text

import (
	"slices"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// AgreeAdReferendum agrees to a clause for one's own party, subject to its
// capital, and, if other clauses are named, only as long as they are agreed.
// Nobody agrees for another; a clause in which something is still to be
// chosen, on which the party has a reserve, or that holds characters which do
// not show, cannot be agreed (rule 83).
type AgreeAdReferendum struct {
	Clause ID
	If     string `form:"optional"` // labels or ids, with commas between: 3.1, c7; of another text with its key: LAKE/2/L.3:c4
}

func (a AgreeAdReferendum) Decide(d *Draft, by Hand) ([]Change, error) {
	party, err := d.forParty(by, 83)
	if err != nil {
		return nil, err
	}
	c, err := d.clause(a.Clause, 83)
	if err != nil {
		return nil, err
	}
	label := d.Text.Label(a.Clause)
	switch {
	case c.assent(party) != nil, c.Status >= Initialled:
		return nil, ruling.No(ruling.OutOfOrder, 83, "text-agreed-already", "Clause", label)
	case c.Body.Open():
		return nil, ruling.No(ruling.OutOfOrder, 83, "text-still-open", "Clause", label)
	}
	for r := range c.AllReserves {
		if r.Party == string(party) {
			return nil, ruling.No(ruling.OutOfOrder, 83, "text-own-reserve", "Clause", label)
		}
	}
	for h := range d.hiddenIn(c) {
		return nil, ruling.No(ruling.Invalid, 84, "text-hidden", "Clause", label, "Character", h.Code())
	}
	on, err := d.conditions(a.If, c)
	if err != nil {
		return nil, err
	}
	return d.with(by, ClauseAgreedAdReferendum{Clause: a.Clause, Label: label, By: party, If: on})
}

// hiddenIn yields the hidden characters of a clause and of its footnotes.
func (d *Draft) hiddenIn(c *Clause) func(func(Hidden) bool) {
	return func(yield func(Hidden) bool) {
		if !c.Body.hidden(yield) {
			return
		}
		for _, p := range c.Body {
			if p.Footnote == "" {
				continue
			}
			stop := false
			FindHidden(d.Text.Footnote(p.Footnote), func(h Hidden) bool { stop = !yield(h); return !stop })
			if stop {
				return
			}
		}
	}
}

// conditions reads what an assent depends on.
func (d *Draft) conditions(s string, c *Clause) ([]Condition, error) {
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	by := map[string]int{}
	for i, l := range d.Text.Labels() {
		if _, twice := by[l]; twice {
			by[l] = -1
		} else {
			by[l] = i
		}
	}
	p := parser{text: d.Text}
	var list []Condition
	for ref := range strings.SplitSeq(s, ",") {
		ref = strings.TrimSpace(ref)
		on := Condition{Clause: ID(ref)}
		ok := d.Text.index(on.Clause) >= 0
		if !ok {
			on, ok = p.condition(ref, by)
		}
		if !ok || on.Text == "" && on.Clause == c.ID {
			return nil, ruling.No(ruling.Absent, 83, "text-no-clause", "Clause", ref)
		}
		if !hasCondition(list, on) {
			list = append(list, on)
		}
	}
	return list, nil
}

// ClauseAgreedAdReferendum says that a party agrees to a clause, subject to its capital.
type ClauseAgreedAdReferendum struct {
	Clause ID
	Label  string
	By     seat.Party
	If     []Condition
}

func (e ClauseAgreedAdReferendum) Apply(d *Draft) {
	d.edit(e.Clause, func(c *Clause) {
		if c.assent(e.By) == nil {
			c.Assents = append(c.Assents, Assent{Party: e.By, If: slices.Clone(e.If)})
		}
	})
}
func (e ClauseAgreedAdReferendum) Of(*Draft) ID { return e.Clause }
func (e ClauseAgreedAdReferendum) Phrase() phrasebook.Phrase {
	if len(e.If) > 0 {
		return phrasebook.Say("event.text-agreed-ad-referendum-if", "Side", phrasebook.Side(e.By), "Clause", e.Label, "Count", len(e.If))
	}
	return phrasebook.Say("event.text-agreed-ad-referendum", "Side", phrasebook.Side(e.By), "Clause", e.Label)
}

// Confirm makes one's party's agreement to a clause firm: the capital has
// agreed (rule 85).
type Confirm struct {
	Clause ID
}

func (a Confirm) Decide(d *Draft, by Hand) ([]Change, error) {
	party, err := d.forParty(by, 85)
	if err != nil {
		return nil, err
	}
	as, err := d.assentOf(a.Clause, party)
	if err != nil {
		return nil, err
	}
	label := d.Text.Label(a.Clause)
	if as.Firm {
		return nil, ruling.No(ruling.OutOfOrder, 85, "text-agreed-already", "Clause", label)
	}
	return d.with(by, AssentConfirmed{a.Clause, label, party})
}

func (d *Draft) assentOf(clause ID, party seat.Party) (*Assent, error) {
	c, err := d.clause(clause, 85)
	if err != nil {
		return nil, err
	}
	if as := c.assent(party); as != nil {
		return as, nil
	}
	return nil, ruling.No(ruling.OutOfOrder, 85, "text-not-agreed", "Clause", d.Text.Label(clause))
}

// AssentConfirmed says that a party's agreement is no longer subject to its capital.
type AssentConfirmed struct {
	Clause ID
	Label  string
	By     seat.Party
}

func (e AssentConfirmed) Apply(d *Draft) {
	d.edit(e.Clause, func(c *Clause) {
		if a := c.assent(e.By); a != nil {
			a.Firm = true
		}
	})
}
func (e AssentConfirmed) Of(*Draft) ID { return e.Clause }
func (e AssentConfirmed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-assent-confirmed", "Side", phrasebook.Side(e.By), "Clause", e.Label)
}

// Disavow takes back one's party's agreement ad referendum, with the reason:
// the capital has not agreed. What is firm can only be reopened (rule 85).
type Disavow struct {
	Clause ID
	Reason string `form:"long"`
}

func (a Disavow) Decide(d *Draft, by Hand) ([]Change, error) {
	party, err := d.forParty(by, 85)
	if err != nil {
		return nil, err
	}
	as, err := d.assentOf(a.Clause, party)
	if err != nil {
		return nil, err
	}
	label := d.Text.Label(a.Clause)
	switch {
	case as.Firm || d.find(a.Clause).Status >= Initialled:
		return nil, ruling.No(ruling.OutOfOrder, 85, "text-firm", "Clause", label)
	case strings.TrimSpace(a.Reason) == "":
		return nil, ruling.No(ruling.Invalid, 85, "needs-reason")
	}
	return d.with(by, AssentDisavowed{a.Clause, label, party, strings.TrimSpace(a.Reason)})
}

// AssentDisavowed says that a party's capital has not agreed.
type AssentDisavowed struct {
	Clause ID
	Label  string
	By     seat.Party
	Reason string `words:"yes"`
}

func (e AssentDisavowed) Apply(d *Draft) { d.dropAssent(e.Clause, e.By) }
func (e AssentDisavowed) Of(*Draft) ID   { return e.Clause }
func (e AssentDisavowed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-assent-disavowed", "Side", phrasebook.Side(e.By), "Clause", e.Label, "Reason", phrasebook.Words(e.Reason))
}

func (d *Draft) dropAssent(clause ID, party seat.Party) {
	d.edit(clause, func(c *Clause) {
		c.Assents = slices.DeleteFunc(c.Assents, func(a Assent) bool { return a.Party == party })
		if len(c.Assents) == 0 {
			c.Assents = nil
		}
	})
}

// Reopen takes a clause that is agreed back into discussion, with the reason.
// Every agreement to it ends, and with it every agreement elsewhere that was
// given on the condition of this clause: that is entered one by one (rule 86).
type Reopen struct {
	Clause ID
	Reason string `form:"long"`
}

func (a Reopen) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.ready(by, 86); err != nil {
		return nil, err
	}
	c, err := d.clause(a.Clause, 86)
	if err != nil {
		return nil, err
	}
	label := d.Text.Label(a.Clause)
	switch {
	case c.Status >= Initialled:
		return nil, ruling.No(ruling.OutOfOrder, 86, "text-initialled", "Clause", label)
	case c.Status < AgreedAdReferendum:
		return nil, ruling.No(ruling.OutOfOrder, 86, "text-not-agreed", "Clause", label)
	case strings.TrimSpace(a.Reason) == "":
		return nil, ruling.No(ruling.Invalid, 86, "needs-reason")
	}
	return d.with(by, ClauseReopened{a.Clause, label, by.Side, strings.TrimSpace(a.Reason)})
}

// ClauseReopened says that a clause is under discussion again, and why.
type ClauseReopened struct {
	Clause ID
	Label  string
	By     string
	Reason string `words:"yes"`
}

func (e ClauseReopened) Apply(d *Draft) {
	d.edit(e.Clause, func(c *Clause) { c.Assents, c.Status = nil, UnderDiscussion })
}
func (e ClauseReopened) Of(*Draft) ID { return e.Clause }
func (e ClauseReopened) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-reopened", "Side", phrasebook.Side(e.By), "Clause", e.Label, "Reason", phrasebook.Words(e.Reason))
}

// AssentFell says that a party's agreement to a clause has ended without its
// doing: the clause it depended on is no longer agreed, or the words are others.
type AssentFell struct {
	Clause  ID
	Label   string
	Party   seat.Party
	On      ID     // the clause it depended on; empty if the words changed
	Text    string // that clause's text, if it is another
	OnLabel string `json:"on-label"`
}

func (e AssentFell) Apply(d *Draft) { d.dropAssent(e.Clause, e.Party) }
func (e AssentFell) Of(*Draft) ID   { return e.Clause }
func (e AssentFell) Phrase() phrasebook.Phrase {
	if e.On == "" {
		return phrasebook.Say("event.text-assent-fell-words", "Side", phrasebook.Side(e.Party), "Clause", e.Label)
	}
	return phrasebook.Say("event.text-assent-fell", "Side", phrasebook.Side(e.Party), "Clause", e.Label, "On", e.OnLabel)
}

// Fall returns what follows here when a clause of another text is no longer agreed.
func (d *Draft) Fall(on Condition, by Hand) []Change {
	if d.Text == nil {
		return nil
	}
	var first []Change
	for i := range d.Text.Clauses {
		c := &d.Text.Clauses[i]
		for _, a := range c.Assents {
			if hasCondition(a.If, on) {
				first = append(first, AssentFell{Clause: c.ID, Label: d.Text.Label(c.ID), Party: a.Party, On: on.Clause, Text: on.Text, OnLabel: on.Text + ":" + string(on.Clause)})
			}
		}
	}
	out, err := d.with(by, first...)
	if err != nil {
		return first
	}
	return out
}

// StatusChanged says how far agreement on a clause has come.
type StatusChanged struct {
	Clause ID
	Label  string
	Status Status
}

func (e StatusChanged) Apply(d *Draft) {
	d.edit(e.Clause, func(c *Clause) { c.Status = min(e.Status, Authenticated) })
}
func (e StatusChanged) Of(*Draft) ID { return e.Clause }
func (e StatusChanged) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-status-changed", "Clause", e.Label, "Status", statusTerm(e.Status))
}
