package web

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/room"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// An entry is one line of a record as a reader sees it.
type entry struct {
	Number   int64
	Href     string // of its proof
	Day      string // empty if today
	At       string
	Withheld bool
	Leaf     string
	Who      *speaker        // of speech
	Said     string          // words spoken, set in serif
	Quiet    string          // in place of words that are not kept
	Text     phrasebook.Text // of procedure
	Asides   []string
}

// A speaker stands above what was said.
type speaker struct {
	Side string
	Note string // name, office and in what manner it is kept
}

// A scene is what all entries on a page have in common.
type scene struct {
	*voice
	id   string    // of the talks
	now  time.Time // in the talks' zone
	zone *time.Location
}

func sceneOf(v *voice, s secretariat.Sight) scene { return scene{v, s.ID, s.Now.Time, s.Zone} }

// entry lays out what the desk has read. ok is false for what is not for people.
func (p scene) entry(s *secretariat.Seen) (e entry, ok bool) {
	e = entry{Number: s.Number, Href: hrefProof(s.Record, s.Number), Withheld: s.Withheld(), Leaf: short(s.Leaf)}
	if e.Withheld {
		return e, true
	}
	phrases := s.Phrases()
	if len(phrases) == 0 {
		return entry{}, false
	}
	at := s.Time
	if f, timed := s.Event.(talks.Timed); timed {
		if fact, _ := f.Fact(); fact.Late {
			at = fact.Time
		}
	}
	e.Day, e.At = p.clock(at.In(p.zone), p.now)
	e.Text = p.text(phrases[0])
	for _, aside := range phrases[1:] {
		e.Asides = append(e.Asides, p.text(aside).String())
	}
	if slices.Contains(s.Marks, "console") {
		e.Asides = append(e.Asides, p.say("page.entry-console"))
	}
	p.speech(&e, s)
	return e, true
}

// speech gives what somebody said a look of its own: who above, words below.
// Everything else stands as the sentence of its phrase.
func (p scene) speech(e *entry, s *secretariat.Seen) {
	switch ev := s.Event.(type) {
	case talks.StatementMade:
		e.Who = &speaker{ev.Side, p.manner(ev)}
		e.Said = ev.Text
		if ev.Text == "" {
			e.Quiet = p.say("page.entry-destroyed")
		}
		if ev.Kept == talks.Spoke {
			e.Quiet = p.say("page.entry-spoke", "Lasted", phrasebook.Minutes(time.Duration(ev.Lasted)*time.Minute))
		}
	case talks.StatementCorrected:
		e.Who, e.Said = &speaker{ev.Side, p.say("page.entry-corrects", "Entry", strconv.FormatInt(ev.Entry, 10))}, ev.Text
	case room.NotePassed:
		e.Who, e.Said = &speaker{string(ev.From), p.say("page.entry-note", "Name", phrasebook.Seat(ev.Seat), "To", phrasebook.Side(ev.To))}, ev.Text
	case talks.WordsPublished:
		e.Who, e.Said = &speaker{ev.Side, p.say("page.entry-published")}, ev.Words
	}
	if e.Who != nil && e.Said == "" && e.Quiet == "" {
		e.Quiet = p.say("page.entry-destroyed")
	}
}

// manner says who spoke for a side, and how the record keeps it.
func (p scene) manner(e talks.StatementMade) string {
	parts := []string{p.reader.Names.SeatName(string(e.Seat))}
	if e.DeliveredBy != "" {
		parts = append(parts, p.say("page.entry-delivered", "Name", phrasebook.Words(e.DeliveredBy)))
	}
	if e.Kept != talks.Spoke {
		parts = append(parts, p.say("page.kept-"+string(e.Kept)))
	}
	if e.Public {
		parts = append(parts, p.say("page.entry-public"))
	}
	if e.Language != "" {
		parts = append(parts, p.say("page.entry-language", "Language", e.Language))
	}
	return strings.Join(parts, " · ")
}

// short is as much of a hash as tells entries apart on a page.
func short(h record.Hash) string { return spaced(hex.EncodeToString(h[:8])) }

// spaced sets hexadecimal digits in groups of four.
func spaced(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i += 4 {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s[i:min(i+4, len(s))])
	}
	return b.String()
}

// recordWord is how a record of talks is named in addresses.
func recordWord(n record.Name) string {
	_, word, _ := strings.Cut(string(n), "/")
	return strings.Replace(word, "/", "-", 1)
}

func recordNamed(id, word string) record.Name {
	return record.Name(id + "/" + strings.Replace(word, "room-", "room/", 1))
}

func hrefRecord(n record.Name) string { return "/talks/" + n.Talks() + "/records/" + recordWord(n) }

func hrefProof(n record.Name, number int64) string {
	return hrefRecord(n) + "/" + strconv.FormatInt(number, 10)
}
