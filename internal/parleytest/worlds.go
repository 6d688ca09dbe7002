package parleytest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"parley/internal/memory"
	"parley/internal/room"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// A Line is one line of a play that has been written down while it was played:
// who submitted what, when.
type Line struct {
	At      time.Time
	Who     string
	Act     any // nil: the secretariat's clock looked up
	Request string
}

// Worlds are two houses in which the same play was played, but that in Other
// the side of Private did more among itself: it spoke in its delegation's room
// and in its shuttle, instructed, seated principals, answered under seal. What
// anybody else can fetch must be the same in both, byte for byte.
type Worlds struct {
	One, Other *House
	Talks      string
	Private    seat.Party
	Secrets    int      // private acts that were accepted in Other alone
	Others     []string // who is not of the private side, nor of the mediation; "" is nobody
	Answers    []string // where the two worlds answered one of the Others differently
}

// Mark stands in everything that was said in Other alone.
const Mark = "xyzzy"

// NewWorlds plays a play from a seed in two worlds.
func NewWorlds(t testing.TB, seed uint64, scenes int) *Worlds {
	t.Helper()
	w := &Worlds{Talks: "lake", Private: "kenya"}
	script, cast := write(t, seed, scenes)
	w.One, w.Other = paddedHouse(t), paddedHouse(t)
	r := rand.New(rand.NewPCG(seed, 2))
	for _, line := range script {
		if w.private(line) && leaves(line.Act) {
			continue // what leaves a private room is for others to see
		}
		one := perform(w.One, w.Talks, line)
		for range r.IntN(3) {
			w.whisper(r, line.At)
		}
		other := perform(w.Other, w.Talks, line)
		if one != other && !w.private(line) {
			w.Answers = append(w.Answers, fmt.Sprintf("%s: %T: %s | %s", line.Who, line.Act, one, other))
		}
	}
	w.Others = append(w.others(cast), "mallory", "")
	return w
}

func paddedHouse(t testing.TB) *House {
	h := NewHouse(t, new(memory.Log))
	h.PadAnchors = true
	h.Desk = h.Another()
	return h
}

// write plays a random play and writes down its lines.
func write(t testing.TB, seed uint64, scenes int) (script []Line, cast []string) {
	p := &Troupe{House: paddedHouse(t), t: t, r: rand.New(rand.NewPCG(seed, 1)), id: "lake", tally: NewTally(), cast: []string{"ada"}}
	p.heard = func(l Line) { script = append(script, l) }
	for _, act := range []any{ // so that there is a private side from the start
		talks.Convene{Title: "The lake treaty talks", Mediation: "The Lake Commission", Zone: "Africa/Nairobi", Name: "Ada"},
		talks.AdmitParty{Party: "kenya", Name: "Kenya"},
		talks.AdmitParty{Party: "uganda", Name: "Uganda"},
		talks.Accredit{Party: "kenya", Person: "njeri", Name: "Njeri", As: "head"},
		talks.Accredit{Party: "uganda", Person: "otieno", Name: "Otieno", As: "head"},
		talks.NameHost{Person: "hugo", Name: "Hugo"},
		talks.AdmitObserver{Person: "olga", Name: "Olga", As: "observer"},
		talks.NameChair{Seat: "s1"},
	} {
		p.submit("ada", act, "")
	}
	for range scenes {
		p.scene()
	}
	return script, append(p.cast, "njeri", "otieno", "hugo", "olga")
}

// private reports whether somebody of the private side speaks.
func (w *Worlds) private(l Line) bool {
	s, ok := seatIn(w.One, w.Talks, l.Who)
	return ok && s.Party == w.Private
}

// leaves reports whether an act takes words out of a private room, or refers to
// one of its entries by number.
func leaves(act any) bool {
	switch act.(type) {
	case room.Release, room.Retract, room.Carry:
		return true
	}
	return false
}

func seatIn(h *House, id, who string) (s seat.Seat, ok bool) {
	_ = h.Desk.Look(context.Background(), id, secretariat.Caller{Person: seat.Person(who)}, func(v secretariat.Sight) error {
		s, ok = v.Seat, v.Seated
		return nil
	}) // whoever may not look has no seat
	return s, ok
}

// others are those of the cast who must not notice.
func (w *Worlds) others(cast []string) (others []string) {
	for _, name := range cast {
		s, ok := seatIn(w.One, w.Talks, name)
		if ok && s.Party != w.Private && s.Role != seat.Mediator && s.Role != seat.Team {
			others = append(others, name)
		}
	}
	return others
}

// perform submits a line in one of the worlds, and says what came of it.
func perform(h *House, id string, l Line) string {
	h.Clock = l.At
	if l.Act == nil {
		return fmt.Sprint(h.Desk.Tick(context.Background()))
	}
	who := secretariat.Caller{Person: seat.Person(l.Who)}
	if l.Who == "ada" {
		who.Convenes = id
	}
	a, err := h.Desk.Submit(context.Background(), id, who, secretariat.Submission{Act: l.Act, Request: l.Request})
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for i, e := range a.Entries {
		if s, ok := seatIn(h, id, l.Who); ok && (s.Role == seat.Mediator || s.Role == seat.Team) && strings.Contains(string(e.Record), "/room/") {
			continue // the mediation is in the private side's shuttle, and may count its entries
		}
		fmt.Fprintf(&b, "%s %d %x %s\n", e.Record, e.Number, e.Leaf, a.Receipts[i].Marshal())
	}
	return b.String()
}

// whisper does something private in the other world.
func (w *Worlds) whisper(r *rand.Rand, at time.Time) {
	if _, seated := seatIn(w.Other, w.Talks, "njeri"); !seated {
		return
	}
	text := fmt.Sprintf("%s %d", Mark, r.IntN(1000))
	acts := []any{
		room.SayInRoom{In: "delegation", Text: text},
		room.SayInRoom{In: "shuttle", Text: text},
		room.Instruct{On: "article 3", Text: text, RedLine: r.IntN(2) == 0},
		room.SeatCapital{Person: seat.Person(text), Name: text},
		room.AnswerSealed{Name: "limit", Text: text},
		room.AttachInRoom{In: "delegation", Attachment: talks.Attachment{Name: "a.txt", Origin: text, Content: "eHl6enk="}},
	}
	w.Other.Clock = at
	_, err := w.Other.Desk.Submit(context.Background(), w.Talks, secretariat.Caller{Person: "njeri"}, secretariat.Submission{Act: acts[r.IntN(len(acts))]})
	if err == nil {
		w.Secrets++
	}
}
