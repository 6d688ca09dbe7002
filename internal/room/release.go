package room

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/talks"
)

// Release lets words out of a room: exact words of something one's own side
// said there, to a named place, in a manner that says under whose name. To the
// plenary, the public, or one's own shuttle they go at once. To another party
// they go when the mediator carries them, and not before (rule 66).
type Release struct {
	In    string // the room they are in
	Entry int64  // where they were said
	Words string `form:"long"`
	To    string // plenary, public, shuttle, shuttle:uganda, contact-group:fish, side-meeting:dinner
	As    Manner
}

// A Manner says how words are passed on.
type Manner string

const (
	AsSaid     Manner = "as-said"     // under the name of the side that said them
	AsQuestion Manner = "as-question" // what if: the mediator asks, on nobody's behalf
	AsNobodys  Manner = "as-nobodys"  // an idea that is on the table, and nobody's
)

// Choices lists the manners.
func (Manner) Choices() []string {
	return []string{string(AsSaid), string(AsQuestion), string(AsNobodys)}
}

// Room is the one the words are in.
func (a Release) Room(by seat.Seat) Key { return address(a.In, by) }

func (a Release) decide(r *Room, t *Table, by seat.Seat, at talks.Moment) ([]talks.Event, error) {
	words, ok := r.said[a.Entry]
	switch {
	case !ok:
		return nil, ruling.No(ruling.Absent, 66, "nothing-said", "Entry", int(a.Entry))
	case words.side != by.Side():
		return nil, ruling.No(ruling.Denied, 66, "not-your-words")
	case strings.TrimSpace(a.Words) == "" || !strings.Contains(words.text, a.Words):
		return nil, ruling.No(ruling.Invalid, 66, "not-the-exact-words", "Entry", int(a.Entry))
	case a.As == "":
		return nil, ruling.No(ruling.Invalid, 66, "needs-manner")
	}
	released := WordsReleased{Entry: a.Entry, Side: by.Side(), Seat: by.Key, To: a.To, As: a.As, At: at, Words: a.Words}
	delivery, carried, err := a.delivery(r, t, by, released)
	if err != nil {
		return nil, err
	}
	if carried {
		return []talks.Event{released}, nil
	}
	released.Delivered = true
	return []talks.Event{released, delivery}, nil
}

// delivery is what the receivers will read, and whether it takes the mediator to
// carry it to them.
func (a Release) delivery(r *Room, t *Table, by seat.Seat, released WordsReleased) (e Elsewhere, carried bool, err error) {
	switch a.To {
	case "plenary":
		return Elsewhere{Event: talks.WordsHeard{Side: released.authority(), As: string(a.As), At: released.At,
			Citation: r.cite(a.Entry, a.Words), Words: a.Words}, Joint: true}, false, nil
	case "public":
		if !t.Announced {
			return e, false, ruling.No(ruling.OutOfOrder, 41, "not-announced")
		}
		if a.As != AsSaid {
			return e, false, ruling.No(ruling.Invalid, 66, "public-under-a-name")
		}
		return Elsewhere{Event: talks.PublicWords{At: released.At, Kept: talks.Exact, By: t.Attribution(by), Text: a.Words}, Public: true}, false, nil
	}
	to := address(a.To, by)
	if to == r.Key {
		return e, false, ruling.No(ruling.Invalid, 66, "released-to-itself")
	}
	if err := there(t.Room(to), to, t); err != nil {
		return e, false, err
	}
	own := to.Kind == Shuttle && to.Name == string(by.Party) || to.Kind == Mediation && by.Party == ""
	member := t.Room(to).in(to, by)
	if !member && (to.Kind == Group || to.Kind == Side) {
		return e, false, ruling.No(ruling.Absent, 62, "no-such-room") // or one could ask for rooms by name
	}
	return Elsewhere{Event: r.received(released), Room: to}, !own && !member, nil
}

// authority is the side under whose name words are passed on; none if they are
// a question or nobody's.
func (e WordsReleased) authority() string {
	if e.As == AsSaid {
		return e.Side
	}
	return ""
}

func (r *Room) received(e WordsReleased) WordsReceived {
	return WordsReceived{Side: e.authority(), As: e.As, Citation: r.cite(e.Entry, e.Words), Words: e.Words}
}

// cite is the commitment by which the receivers' record names the source: HMAC
// under the room's own key, so that those in the room can show which words were
// meant, and nobody else can tell from it where or when they were said.
func (r *Room) cite(entry int64, words string) []byte {
	h := hmac.New(sha256.New, r.AnchorKey)
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(entry))
	h.Write([]byte("parley/v1 citation"))
	h.Write(n[:])
	h.Write([]byte(words))
	return h.Sum(nil)
}

// Cites reports whether a citation names these words of that entry of the room.
func (r *Room) Cites(citation []byte, entry int64, words string) bool {
	return hmac.Equal(citation, r.cite(entry, words))
}

// WordsReleased is a line of the room's log of releases.
type WordsReleased struct {
	Entry     int64
	Side      string
	Seat      seat.Key
	To        string
	As        Manner
	At        talks.Moment
	Delivered bool   // at once; otherwise when the mediator carries them
	Words     string `words:"yes"`
}

// Released is a line of the log of releases as it stands.
type Released struct {
	WordsReleased
	Number    int64
	Carried   bool
	Retracted bool
}

func (e WordsReleased) apply(r *Room, on talks.Entered) {
	r.Releases = append(r.Releases, Released{WordsReleased: e, Number: on.Number, Carried: e.Delivered})
}

// Phrase says it to those in the room the words come from.
func (e WordsReleased) Phrase() phrasebook.Phrase {
	key := "event.words-released-"
	if !e.Delivered {
		key = "event.words-to-carry-"
	}
	return phrasebook.Say(key+string(e.As), "Side", phrasebook.Side(e.Side), "To", e.To, "Words", phrasebook.Words(e.Words))
}

// WordsReceived is what the receivers read: the words, the manner, and under
// whose name; where they came from only by commitment.
type WordsReceived struct {
	Side     string // empty if on nobody's behalf
	As       Manner
	Citation []byte
	Words    string `words:"yes"`
}

// A Reception is words that came into a room.
type Reception struct {
	WordsReceived
	Number    int64
	Retracted bool
}

func (e WordsReceived) apply(r *Room, on talks.Entered) {
	r.Received = append(r.Received, Reception{WordsReceived: e, Number: on.Number})
}

// Phrase says it to the receivers.
func (e WordsReceived) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.words-received-"+string(e.As), "Side", phrasebook.Side(e.Side), "Words", phrasebook.Words(e.Words))
}

// Carry takes words that a party has released to be carried to where they were
// released to. It is the mediation's to do, or to leave (rule 66).
type Carry struct {
	In    string // the room they come from
	Entry int64  // of the release
}

// Room is the one the words come from.
func (a Carry) Room(by seat.Seat) Key { return address(a.In, by) }

func (a Carry) decide(r *Room, t *Table, by seat.Seat, at talks.Moment) ([]talks.Event, error) {
	rel := r.release(a.Entry)
	switch {
	case rel == nil:
		return nil, ruling.No(ruling.Absent, 66, "no-such-release", "Entry", int(a.Entry))
	case rel.Retracted:
		return nil, ruling.No(ruling.OutOfOrder, 66, "release-retracted")
	case rel.Carried:
		return nil, ruling.No(ruling.OutOfOrder, 66, "release-carried")
	}
	to := r.destination(rel)
	if err := there(t.Room(to), to, t); err != nil {
		return nil, err
	}
	return []talks.Event{
		WordsCarried{Release: a.Entry, Seat: by.Key, At: at},
		Elsewhere{Event: r.received(rel.WordsReleased), Room: to},
	}, nil
}

// destination is the room a release goes to, as the releasing side meant it.
func (r *Room) destination(rel *Released) Key {
	return address(rel.To, seat.Seat{Party: seat.Party(r.partyOf(rel.Side))})
}

// partyOf is the side if it is a party's, and empty for the mediation.
func (r *Room) partyOf(side string) string {
	if side == seat.Mediation || side == seat.ChairGroup {
		return ""
	}
	return side
}

func (r *Room) release(entry int64) *Released {
	for i := range r.Releases {
		if r.Releases[i].Number == entry {
			return &r.Releases[i]
		}
	}
	return nil
}

// WordsCarried says in the room the words come from that they were carried.
type WordsCarried struct {
	Release int64
	Seat    seat.Key
	At      talks.Moment
}

func (e WordsCarried) apply(r *Room, _ talks.Entered) {
	if rel := r.release(e.Release); rel != nil {
		rel.Carried = true
	}
}

// Phrase says it to those in the room the words come from.
func (e WordsCarried) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.words-carried", "Entry", e.Release)
}

// Retract takes a release back. Words that have been delivered cannot be unread:
// the receivers are told that they no longer stand (rule 66).
type Retract struct {
	In    string
	Entry int64 // of the release
}

// Room is the one the words came from.
func (a Retract) Room(by seat.Seat) Key { return address(a.In, by) }

func (a Retract) decide(r *Room, _ *Table, by seat.Seat, at talks.Moment) ([]talks.Event, error) {
	rel := r.release(a.Entry)
	switch {
	case rel == nil:
		return nil, ruling.No(ruling.Absent, 66, "no-such-release", "Entry", int(a.Entry))
	case rel.Side != by.Side():
		return nil, ruling.No(ruling.Denied, 66, "not-your-words")
	case rel.Retracted:
		return nil, ruling.No(ruling.OutOfOrder, 66, "release-retracted")
	}
	events := []talks.Event{ReleaseRetracted{Release: a.Entry, At: at}}
	if !rel.Carried {
		return events, nil
	}
	citation := r.cite(rel.Entry, rel.Words)
	switch rel.To {
	case "plenary":
		return append(events, Elsewhere{Event: talks.WordsRetracted{Side: rel.authority(), At: at, Citation: citation, Words: rel.Words}, Joint: true}), nil
	case "public":
		return append(events, Elsewhere{Event: talks.PublicRetraction{At: at, Text: rel.Words}, Public: true}), nil
	}
	return append(events, Elsewhere{Event: RetractionReceived{Citation: citation, Words: rel.Words}, Room: r.destination(rel)}), nil
}

// ReleaseRetracted says that a release no longer stands.
type ReleaseRetracted struct {
	Release int64
	At      talks.Moment
}

func (e ReleaseRetracted) apply(r *Room, _ talks.Entered) {
	if rel := r.release(e.Release); rel != nil {
		rel.Retracted = true
	}
}

// Phrase says it to those in the room the words came from.
func (e ReleaseRetracted) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.release-retracted", "Entry", e.Release)
}

// RetractionReceived says to the receivers that words no longer stand.
type RetractionReceived struct {
	Citation []byte
	Words    string `words:"yes"`
}

func (e RetractionReceived) apply(r *Room, _ talks.Entered) {
	for i := range r.Received {
		if hmac.Equal(r.Received[i].Citation, e.Citation) {
			r.Received[i].Retracted = true
		}
	}
}

// Phrase says it to the receivers.
func (e RetractionReceived) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.retraction-received", "Words", phrasebook.Words(e.Words))
}
