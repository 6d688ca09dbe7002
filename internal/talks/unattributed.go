package talks

import "parley/internal/phrasebook"

// UnattributedStatement is what somebody said under the Chatham House Rule: the
// words may be used, and neither the speaker nor the side is kept, in the event
// or in the header of its entry. The speaker's turn ends with it.
type UnattributedStatement struct {
	Kept     Level
	Language string // of records made before it was seen that it names the side; no longer filled in
	At       Moment
	Text     string `words:"yes"`
}

// Anonymous marks events whose author the record must not name.
func (UnattributedStatement) Anonymous() {}

func (e UnattributedStatement) apply(t *Talks, _ Entered) {
	if m := t.Meeting(); m != nil {
		m.Floor.Yield(e.At.Time)
	}
}

// Phrase says the words, and nobody's name.
func (e UnattributedStatement) Phrase() phrasebook.Phrase {
	if e.Kept == Spoke {
		return phrasebook.Say("event.unattributed-spoke")
	}
	return phrasebook.Say("event.unattributed-statement", "Text", phrasebook.Words(e.Text))
}
