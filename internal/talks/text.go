package talks

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"

	"parley/internal/catalogue"
	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/text"
)

// On is an act on a negotiating text of the table: which text, and the act,
// whose rules are those of package text. The track is that which the text was
// tabled on; it may be left out where the text says enough.
type On[A text.Act] struct {
	Track string `form:"optional"`
	Text  string // a short word to call it by
	Act   A      `flat:"yes"`
}

// ActName is the name of the act that is wrapped.
func (a On[A]) ActName() string { return TextActName(a.Act) }

// TextActName is how an act on a text is called at the table.
func TextActName(a text.Act) string {
	name := catalogue.Name(a)
	if name == "table" {
		return "table-text" // a text is tabled; a table is furniture
	}
	return name
}

func (a On[A]) decide(t *Talks, by seat.Seat, _ Moment) ([]Event, error) {
	changes, err := t.Texts.Decide(a.Text, a.Track, a.Act, t.hand(by), t.trackFor)
	if err != nil {
		return nil, err
	}
	if err := forEverybody(changes); err != nil {
		return nil, err
	}
	events := make([]Event, len(changes))
	for i, c := range changes {
		events[i] = c
	}
	return events, nil
}

// forEverybody refuses notes for some only: the joint record is read by
// everyone seated, and a note in it that is not shown to all would be no secret.
func forEverybody(changes []TextChanged) error {
	hidden, err := NotesForFewer(changes, nil)
	if err == nil && hidden {
		err = ruling.No(ruling.Invalid, 80, "note-for-all")
	}
	return err
}

// NotesForFewer reports whether a note among the changes names an audience that
// leaves out one of the record's readers, who would read it all the same. No
// readers stand for those of the joint record, who change.
func NotesForFewer(changes []TextChanged, readers []string) (bool, error) {
	for _, e := range changes {
		c, err := e.Decoded()
		if err != nil {
			return false, err
		}
		var notes []text.Note
		switch c := c.(type) {
		case text.ClauseAnnotated:
			notes = []text.Note{{Audience: c.Audience}}
		case text.TextTabled:
			for _, clause := range c.Text.Clauses {
				notes = append(notes, clause.Notes...)
			}
		}
		for _, n := range notes {
			left := func(g string) bool { return !slices.Contains(n.Audience, g) }
			if len(n.Audience) > 0 && (len(readers) == 0 || slices.ContainsFunc(readers, left)) {
				return true, nil
			}
		}
	}
	return false, nil
}

// hand is in whose name a seat acts on a text of the table.
func (t *Talks) hand(by seat.Seat) text.Hand {
	h := text.Hand{Side: by.Side(), Agreed: t.Texts.Met}
	for _, p := range t.Parties {
		h.Parties = append(h.Parties, p.Key)
	}
	return h
}

func (t *Talks) trackFor(track string) error {
	if track != "" && t.Track(track) == nil {
		return ruling.No(ruling.Absent, 31, "no-such-track", "Given", track)
	}
	return nil
}

// Texts are the negotiating texts of the table, or of one room, by name.
type Texts map[string]*NegotiatingText

// A NegotiatingText is a text with its draft, its track and its history.
type NegotiatingText struct {
	Name    string
	Track   string
	Draft   *text.Draft
	Changes []TextChange // in order; they lead to the draft
}

// A TextChange is a change with the entry that made it.
type TextChange struct {
	Number int64
	Seat   seat.Key
	At     Moment
	Change text.Change
}

// Names returns the names of the texts, in order.
func (x Texts) Names() []string { return slices.Sorted(maps.Keys(x)) }

// Met reports whether a condition on a clause of another text is met.
func (x Texts) Met(on text.Condition) bool {
	other, ok := x[on.Text]
	if !ok || other.Draft.Text == nil {
		return false
	}
	c := other.Draft.Text.Find(on.Clause)
	return c != nil && c.Status >= text.AgreedAdReferendum
}

var textName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// Decide rules on an act on one of the texts, and says what follows from it in
// that text and, where agreement there depended on it, in the others.
func (x Texts) Decide(name, track string, act text.Act, by text.Hand, tracked func(string) error) ([]TextChanged, error) {
	known, ok := x[name]
	_, tabling := act.(text.Table)
	switch {
	case !textName.MatchString(name):
		return nil, ruling.No(ruling.Invalid, 70, "text-name", "Given", name)
	case !ok && !tabling:
		return nil, ruling.No(ruling.Absent, 70, "no-such-text", "Given", name)
	case ok && track != "" && track != known.Track:
		return nil, ruling.No(ruling.Absent, 70, "text-on-other-track", "Given", name)
	}
	draft := &text.Draft{}
	if ok {
		draft, track = known.Draft, known.Track
	} else if err := tracked(track); err != nil {
		return nil, err
	}
	changes, err := act.Decide(draft, by)
	if err != nil {
		return nil, err
	}
	events, err := laid(name, track, changes)
	if err != nil {
		return nil, err
	}
	for _, lost := range noLongerAgreed(name, changes) {
		for _, other := range x.Names() {
			if other == name {
				continue
			}
			more, err := laid(other, x[other].Track, x[other].Draft.Fall(lost, by))
			if err != nil {
				return nil, err
			}
			events = append(events, more...)
		}
	}
	return events, nil
}

// noLongerAgreed returns the clauses of a text that changes take out of agreement.
func noLongerAgreed(name string, changes []text.Change) (lost []text.Condition) {
	add := func(c text.ID) {
		on := text.Condition{Text: name, Clause: c}
		if !slices.Contains(lost, on) {
			lost = append(lost, on)
		}
	}
	for _, c := range changes {
		switch c := c.(type) {
		case text.ClauseReopened:
			add(c.Clause)
		case text.AssentFell:
			add(c.Clause)
		case text.AssentDisavowed:
			add(c.Clause)
		case text.StatusChanged:
			if c.Status < text.AgreedAdReferendum {
				add(c.Clause)
			}
		}
	}
	return lost
}

// textChanges is the catalogue of changes, as the record keeps them.
var textChanges = catalogue.Of(text.Changes()...)

// TextChanges is the catalogue of changes of texts.
func TextChanges() *catalogue.List { return textChanges }

func laid(name, track string, changes []text.Change) ([]TextChanged, error) {
	events := make([]TextChanged, 0, len(changes))
	for _, c := range changes {
		kind, structure, words, err := textChanges.Lay(c)
		if err != nil {
			return nil, err
		}
		events = append(events, TextChanged{Text: name, Track: track, Change: kind, Structure: structure, Words: words})
	}
	return events, nil
}

// TextChanged is a change of one of the texts. Which change, and its two parts,
// are kept as package text names them.
type TextChanged struct {
	Text      string
	Track     string
	Change    string
	Structure json.RawMessage
	Words     json.RawMessage `words:"yes"`
}

// Decoded returns the change itself.
func (e TextChanged) Decoded() (text.Change, error) {
	v, err := textChanges.Take(e.Change, e.Structure, e.Words)
	if err != nil {
		return nil, err
	}
	return v.(text.Change), nil
}

func (e TextChanged) apply(t *Talks, on Entered) {
	if t.Texts == nil {
		t.Texts = Texts{}
	}
	t.Texts.Apply(e, on)
}

// Apply brings the texts up to date with a change. A change that cannot be read
// has been checked by whoever laid it down; it changes nothing.
func (x Texts) Apply(e TextChanged, on Entered) {
	c, err := e.Decoded()
	if err != nil {
		return
	}
	known := x[e.Text]
	if known == nil {
		known = &NegotiatingText{Name: e.Text, Track: e.Track, Draft: &text.Draft{}}
		x[e.Text] = known
	}
	known.Draft.Apply(c)
	known.Changes = append(known.Changes, TextChange{on.Number, on.Seat, on.At, c})
}

// Phrase says the change in the words of package text.
func (e TextChanged) Phrase() phrasebook.Phrase {
	c, err := e.Decoded()
	if err != nil {
		return phrasebook.Say("event.text-changed", "Text", e.Text)
	}
	return c.Phrase()
}
