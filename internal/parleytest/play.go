// Package parleytest runs plays.
//
// A play is a meeting as minutes: each scene is a line "person: act field=value …",
// and below it, after "----", stands what the record then says. Run with
// -rewrite to have the answers written down, and read the difference before you
// keep it. After every play the auditor comes: every record is verified from
// outside, so is every reader's extract, and a desk that has never seen the talks
// folds the records to the same state.
//
//	ada: ask-for-floor            an act
//	mallory: read                 what the record says to her, and "read public"
//	clock +10m                    time passes; "clock 14:05" sets it
//	tick                          the secretariat's clock looks up
//	restart                       the desk starts again, from the records alone
//	first-link njeri              who may convene, if it is not Ada
//
// The package owns what the verbs of plays mean and the standard cast's house;
// it knows no rule of procedure. How a play is written down is in script.
package parleytest

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/memory"
	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/ruling"
	"parley/internal/script"
	"parley/internal/seat"
	"parley/internal/secretariat"
)

var rewrite = flag.Bool("rewrite", false, "write the answers of plays anew")

var book = phrasebook.MustOpen()

// A House is a desk on a store in memory, with a clock that stands until it is
// set and chance that is the same every time.
type House struct {
	Desk  *secretariat.Desk
	Log   record.Log
	Clock time.Time
	key   record.Key
	seed  record.Chance
	fault func(error)

	// PadAnchors is passed on to the desk; see secretariat.House.
	PadAnchors bool
}

// Opening is when plays begin: ten in the morning of a January day.
var Opening = time.Date(2030, 1, 2, 10, 0, 0, 0, time.UTC)

// NewHouse returns a house whose faults end the test.
func NewHouse(t testing.TB, log record.Log) *House {
	h := &House{Log: log, Clock: Opening, seed: record.Chance{1}, fault: func(err error) { t.Error("fault:", err) }}
	key, err := record.NewKey(bytes.NewReader(bytes.Repeat([]byte{7}, 64)), "play.example")
	if err != nil {
		t.Fatal(err)
	}
	h.key = key
	h.Desk = h.Another()
	return h
}

// Another returns a desk of the same house that has not read anything yet.
func (h *House) Another() *secretariat.Desk {
	return secretariat.New(secretariat.House{Log: h.Log, Signer: h.key.Signer(), Chance: h.seed, Now: func() time.Time { return h.Clock }, Fault: h.fault, PadAnchors: h.PadAnchors})
}

// Signer signs for the house.
func (h *House) Signer() record.Signer { return h.key.Signer() }

// Verifier is the house's public key.
func (h *House) Verifier() record.Verifier { return h.key.Verifier() }

// Run plays the script in the file.
func Run(t *testing.T, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := &play{t: t, House: NewHouse(t, new(memory.Log)), id: "lake", first: "ada", cast: map[string]bool{"": true}}
	var got strings.Builder
	for _, scene := range script.Scenes(string(data)) {
		got.WriteString(scene.Asked + "\n")
		if scene.Line != "" {
			if answer := p.scene(scene.Line); answer != "" {
				fmt.Fprintf(&got, "----\n%s\n", answer)
			}
		}
		got.WriteString("\n")
	}
	p.audit()
	text := strings.TrimSpace(got.String()) + "\n"
	if *rewrite {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(string(data), text); diff != "" {
		t.Errorf("%s does not go as written (-written +played):\n%s", file, diff)
	}
}

type play struct {
	*House
	t     *testing.T
	id    string
	first string // who holds the first link
	cast  map[string]bool
}

func (p *play) scene(line string) string {
	switch word, rest, _ := strings.Cut(line, " "); word {
	case "clock":
		p.setClock(rest)
		return ""
	case "tick":
		return p.tick()
	case "restart":
		p.Desk = p.Another()
		return ""
	case "first-link":
		p.first = rest
		return ""
	}
	cue, ok := script.ParseCue(line)
	if !ok {
		p.t.Fatalf("%q is not a line of a play", line)
	}
	p.cast[cue.Who] = true
	if cue.Verb == "read" {
		return p.read(cue.Who, cue.Rest)
	}
	return p.act(cue.Who, cue.Verb, cue.Fields)
}

// caller is a person of the cast.
func (p *play) caller(name string) secretariat.Caller {
	c := secretariat.Caller{Person: seat.Person(name)}
	if name == p.first {
		c.Convenes = p.id
	}
	return c
}

func (p *play) act(name, verb string, fields map[string][]string) string {
	request := ""
	if r := fields["request"]; r != nil {
		request = r[0]
		delete(fields, "request")
	}
	act, err := secretariat.Acts.FromWords(verb, fields)
	if err != nil {
		return p.refusal(name, err)
	}
	answer, err := p.Desk.Submit(p.t.Context(), p.id, p.caller(name), secretariat.Submission{Act: act, Request: request})
	if err != nil {
		return p.refusal(name, err)
	}
	for i, r := range answer.Receipts {
		if err := r.Verify(p.Verifier(), answer.Entries[i].Leaf); err != nil {
			p.t.Errorf("the receipt of entry %d does not verify: %v", answer.Entries[i].Number, err)
		}
	}
	lines := p.tell(name, answer.Entries)
	if answer.Repeated {
		lines = "(the first answer)\n" + lines
	}
	return lines
}

// reader renders for a person of the cast, who calls parties as their side does.
func (p *play) reader(name string) phrasebook.Reader {
	r := phrasebook.Reader{}
	err := p.Desk.Look(p.t.Context(), p.id, p.caller(name), func(s secretariat.Sight) error {
		if s.Talks != nil {
			r.Names = s.Talks.Names(s.Seat)
		}
		return nil
	})
	if err != nil && ruling.Of(err).Kind != ruling.Absent {
		p.t.Error(err)
	}
	return r
}

func (p *play) refusal(name string, err error) string {
	no := ruling.Of(err)
	if no.Kind == ruling.Fault {
		p.t.Errorf("fault: %v", err)
	}
	said := book.Render(p.reader(name), phrasebook.Phrase{Key: "refusal." + no.Key, Args: no.Args}).String()
	if no.Rule == 0 {
		return no.Kind.String() + ": " + said
	}
	return fmt.Sprintf("%s: rule %d: %s", no.Kind, no.Rule, said)
}

// tell says entries one to a line: joint ones by number, others by record and
// number. Entries that are not for people are left out.
func (p *play) tell(name string, entries []*secretariat.Seen) string {
	r := p.reader(name)
	var lines []string
	for _, s := range entries {
		label := fmt.Sprint(s.Number)
		switch {
		case s.Record == record.PublicName(p.id):
			label = "public " + label
		case s.Record != record.JointName(p.id):
			label = "room " + label
		}
		if s.Withheld() {
			lines = append(lines, label+" (withheld)")
			continue
		}
		var said []string
		for _, phrase := range s.Phrases() {
			said = append(said, book.Render(r, phrase).String())
		}
		if len(said) > 0 {
			lines = append(lines, label+" "+strings.Join(said, " "))
		}
	}
	return strings.Join(lines, "\n")
}

// read answers "read", "read public" or "read rooms", each with "after=4".
func (p *play) read(name, args string) string {
	which, rest, _ := strings.Cut(args, " ")
	if strings.Contains(which, "=") {
		which, rest = "", which
	}
	var after int64
	fmt.Sscanf(rest, "after=%d", &after)
	names, err := p.Desk.Records(p.t.Context(), p.id, p.caller(name))
	if err != nil {
		return p.refusal(name, err)
	}
	var all []*secretariat.Seen
	for _, n := range names {
		isJoint, isPublic := n == record.JointName(p.id), n == record.PublicName(p.id)
		if which == "" && !isJoint || which == "public" && !isPublic || which == "rooms" && (isJoint || isPublic) {
			continue
		}
		for s, err := range p.Desk.Read(p.t.Context(), p.id, p.caller(name), n, after) {
			if err != nil {
				return p.refusal(name, err)
			}
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return "(nothing)"
	}
	return p.tell(name, all)
}

func (p *play) setClock(to string) {
	at, err := script.Clock(p.Clock, to)
	if err != nil {
		p.t.Fatal(err)
	}
	p.Clock = at
}

// tick lets what is due fall, and tells it as whoever convened reads it.
func (p *play) tick() string {
	before := p.size()
	if err := p.Desk.Tick(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	return p.read(p.first, fmt.Sprintf("after=%d", before))
}

func (p *play) size() int64 {
	head, err := p.Log.Head(p.t.Context(), record.JointName(p.id))
	if err != nil {
		p.t.Fatal(err)
	}
	return head.Size
}

// audit verifies what the play has left behind.
func (p *play) audit() {
	p.t.Helper()
	Audit(p.t, p.House, p.id, func(yield func(secretariat.Caller) bool) {
		for name := range p.cast {
			if !yield(p.caller(name)) {
				return
			}
		}
	})
}

// Audit verifies all records of the house, the extract of every caller, and
// that another desk folds the records to the same state.
func Audit(t testing.TB, h *House, id string, cast func(func(secretariat.Caller) bool)) {
	t.Helper()
	ctx := context.Background()
	names, err := h.Log.Names(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if _, err := record.Audit(ctx, h.Log, name, h.Verifier()); err != nil {
			t.Errorf("the auditor of %s: %v", name, err)
		}
	}
	again := h.Another()
	for c := range cast {
		var bundle bytes.Buffer
		err := h.Desk.Export(ctx, id, c, &bundle)
		if ruling.Of(err).Kind == ruling.Absent && err != nil {
			continue
		}
		if err != nil {
			t.Errorf("extract for %q: %v", c.Person, err)
			continue
		}
		v := h.Verifier()
		if _, err := record.VerifyBundle(&bundle, &v); err != nil {
			t.Errorf("the extract for %q does not verify: %v", c.Person, err)
		}
		if diff := cmp.Diff(State(t, h.Desk, id, c), State(t, again, id, c)); diff != "" {
			t.Errorf("folded anew, %q sees other talks (-was +is):\n%s", c.Person, diff)
		}
	}
}

// State is what a caller sees of the folded state, in a form that compares.
func State(t testing.TB, d *secretariat.Desk, id string, who secretariat.Caller) string {
	var state string
	err := d.Look(context.Background(), id, who, func(s secretariat.Sight) error {
		state = fmt.Sprintf("%+v\n%s\n%s", s.Seat, describe(s.Talks), describe(s.Public))
		for _, r := range s.Rooms {
			state += "\n" + describe(r)
		}
		return nil
	})
	if err != nil {
		t.Errorf("look as %q: %v", who.Person, err)
	}
	return state
}

// describe writes a state out with what its pointers point to.
func describe[T any](v *T) string {
	if v == nil {
		return "nothing"
	}
	return cmp.Diff(new(T), v, cmp.Exporter(func(reflect.Type) bool { return true }))
}
