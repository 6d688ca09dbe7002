package talks

import "parley/internal/phrasebook"

// WordsHeard are words that were released from a private room to the table. The
// source is named by a commitment that those in the room can open.
type WordsHeard struct {
	Side     string // under whose name; empty if on nobody's behalf
	As       string
	At       Moment
	Citation []byte
	Words    string `words:"yes"`
}

func (e WordsHeard) apply(*Talks, Entered) {}

// Phrase says them in the manner in which they were released.
func (e WordsHeard) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.words-received-"+e.As, "Side", phrasebook.Side(e.Side), "Words", phrasebook.Words(e.Words))
}

// WordsRetracted says at the table that released words no longer stand.
type WordsRetracted struct {
	Side     string
	At       Moment
	Citation []byte
	Words    string `words:"yes"`
}

func (e WordsRetracted) apply(*Talks, Entered) {}

// Phrase says which words no longer stand.
func (e WordsRetracted) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.retraction-received", "Words", phrasebook.Words(e.Words))
}

// PublicRetraction says to the public that words no longer stand.
type PublicRetraction struct {
	At   Moment
	Text string `words:"yes"`
}

func (e PublicRetraction) publish(p *Public) { p.Retracted = append(p.Retracted, e) }

// Phrase says which words no longer stand.
func (e PublicRetraction) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.retraction-received", "Words", phrasebook.Words(e.Text))
}
