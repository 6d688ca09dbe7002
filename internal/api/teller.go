package api

import (
	"context"
	"encoding/json"

	"parley/internal/catalogue"
	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/secretariat"
)

// A Teller puts entries into the form and the words of one reader. It knows
// who is called what as of when it was made.
type Teller struct {
	book   *phrasebook.Book
	reader phrasebook.Reader
}

// NewTeller returns the teller for a caller of talks, or the refusal of who
// may see nothing of them.
func NewTeller(ctx context.Context, desk *secretariat.Desk, book *phrasebook.Book, id string, who secretariat.Caller, lang string) (Teller, error) {
	t := Teller{book, phrasebook.Reader{Lang: lang}}
	err := desk.Look(ctx, id, who, func(s secretariat.Sight) error {
		if s.Talks == nil {
			return nil
		}
		t.reader.Template = s.Talks.Template
		// What is shown may not be kept, so the names are written down.
		from, called := s.Talks.Names(s.Seat), names{sides: map[string]string{}, seats: map[string]string{}}
		called.sides["mediation"] = from.SideName("mediation")
		for _, p := range s.Talks.Parties {
			called.sides[string(p.Key)] = from.SideName(string(p.Key))
		}
		for _, seat := range s.Talks.Seats {
			called.seats[string(seat.Key)] = from.SeatName(string(seat.Key))
		}
		t.reader.Names = called
		return nil
	})
	return t, err
}

type names struct{ sides, seats map[string]string }

func (n names) SideName(side string) string { return or(n.sides[side], side) }
func (n names) SeatName(key string) string  { return or(n.seats[key], key) }

func or(name, key string) string {
	if name == "" {
		return key
	}
	return name
}

// Reader is for whom phrases are to be rendered.
func (t Teller) Reader() phrasebook.Reader { return t.reader }

// Entry puts an entry into its form.
func (t Teller) Entry(s *secretariat.Seen) (Entry, error) {
	e := Entry{Record: s.Record, Number: s.Number, Leaf: Spell(s.Leaf)}
	if s.Withheld() {
		return e, nil
	}
	envelope, err := catalogue.Unfold(s.Content.Structure.Bytes)
	if err != nil {
		return Entry{}, err
	}
	e.Time, e.Seat, e.Event, e.Audience, e.Marks = spellTime(s.Time), s.Seat, s.Name, s.Audience, s.Marks
	e.Structure = json.RawMessage(envelope.Structure)
	switch words := s.Content.Words; {
	case words == nil:
		e.Destroyed = true
	case len(words.Bytes) > 0:
		e.Words = json.RawMessage(words.Bytes)
	}
	for _, p := range s.Phrases() {
		e.Says = append(e.Says, t.book.Render(t.reader, p).String())
	}
	return e, nil
}

// Entered puts the answer to a submission into its form.
func (t Teller) Entered(a secretariat.Answer) (Entered, error) {
	out := Entered{Entries: []Entry{}, Repeated: a.Repeated}
	for i, s := range a.Entries {
		e, err := t.Entry(s)
		if err != nil {
			return Entered{}, err
		}
		e.Receipt = string(a.Receipts[i].Marshal())
		out.Entries = append(out.Entries, e)
	}
	return out, nil
}

// NameOf spells out which record of talks is meant: joint, public, or its name.
func NameOf(id, given string) (record.Name, error) {
	var name record.Name
	switch given {
	case "", "joint":
		name = record.JointName(id)
	case "public":
		name = record.PublicName(id)
	default:
		name = record.Name(given)
	}
	if name.Check() != nil || name.Talks() != id {
		return "", nothing()
	}
	return name, nil
}
