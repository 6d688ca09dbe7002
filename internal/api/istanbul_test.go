package api_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/access"
	"parley/internal/api"
	"parley/internal/memory"
	"parley/internal/parleytest"
	"parley/internal/phrasebook"
	"parley/internal/script"
	"parley/internal/seat"
	"parley/internal/secretariat"
)

// private are what the two worlds below differ in: the contact log, the closed
// objection, the mediation's register of deadlines and pressure.
var private = map[string]bool{"log-contact": true, "object": true, "note-deadline": true, "strike-deadline": true}

// planted stands in everything private of the one world.
const planted = "PLANTEDMARK"

// An istanbul is the day of the demo in a house whose chance and clock are the same every time.
type istanbul struct {
	*house
	secrets int
}

// play plays the demo's script. In one world nothing private happens; in the
// other all of it does, several times over, with the mark in it.
func play(t *testing.T, busy bool) *istanbul {
	t.Helper()
	text, err := os.ReadFile("../../cmd/parley/demo/istanbul.talks")
	if err != nil {
		t.Fatal(err)
	}
	desk := parleytest.NewHouse(t, new(memory.Log))
	desk.PadAnchors = true
	desk.Desk = desk.Another()
	w := &istanbul{house: &house{T: t, desk: desk.Desk, tokens: map[string]string{}, people: map[string]access.Person{}, closing: make(chan struct{})}}
	chance := rand.NewChaCha8([32]byte{9})
	w.door = &access.Door{Store: new(memory.Access), Now: func() time.Time { return desk.Clock }, Rand: chance}
	w.Server = httptest.NewServer(api.New(api.House{Desk: w.desk, Door: w.door, Book: phrasebook.MustOpen(), Closing: w.closing}))
	t.Cleanup(w.Server.Close)
	first := ""
	submit := func(who string, cue script.Cue) error {
		act, err := secretariat.Acts.FromWords(cue.Verb, cue.Fields)
		if err != nil {
			return err
		}
		caller := secretariat.Caller{Person: seat.Person(w.people[who].ID)}
		if who == first {
			caller.Convenes = "istanbul"
		}
		_, err = w.desk.Submit(t.Context(), "istanbul", caller, secretariat.Submission{Act: act})
		return err
	}
	for _, s := range script.Scenes(string(text)) {
		if to, ok := strings.CutPrefix(s.Line, "clock "); ok {
			if desk.Clock, err = script.Clock(desk.Clock, to); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if name, ok := strings.CutPrefix(s.Line, "first-link "); ok {
			first = name
			w.enrol(name)
			continue
		}
		cue, ok := script.ParseCue(s.Line)
		if !ok {
			continue
		}
		if p := cue.Fields["person"]; p != nil {
			w.enrol(p[0])
			cue.Fields["person"] = []string{string(w.people[p[0]].ID)}
		}
		if private[cue.Verb] && !busy {
			continue
		}
		if err := submit(cue.Who, cue); err != nil {
			t.Fatalf("line %d: %v", s.At, err)
		}
		if busy {
			w.whisper(submit)
		}
	}
	w.enrol("mallory")
	close(w.closing)
	return w
}

// whisper does a little of everything private; what is out of order is let be.
func (w *istanbul) whisper(submit func(string, script.Cue) error) {
	n := w.secrets
	for _, line := range []string{
		fmt.Sprintf(`desk: log-contact with="%s %d" summary="%s spoke at length"`, planted, n, planted),
		fmt.Sprintf(`kalin: note-deadline what="%s %d" pressure=yes`, planted, n),
		`kalin: strike-deadline entry=2`,
		fmt.Sprintf(`umerov: object entry=35 grounds="%s %d"`, planted, n),
	} {
		cue, _ := script.ParseCue(line)
		if submit(cue.Who, cue) == nil {
			w.secrets++
		}
	}
}

func (w *istanbul) enrol(name string) {
	w.Helper()
	p, err := w.door.Enrol(w.Context(), "Somebody called "+name)
	if err != nil {
		w.Fatal(err)
	}
	token, _, err := w.door.GiveScript(w.Context(), p.ID, "test", 24*time.Hour)
	if err != nil {
		w.Fatal(err)
	}
	w.people[name], w.tokens[name] = p, token.Text()
}

// fetches is everything that somebody can get, and what they are told when they
// try what they may not.
func (w *istanbul) fetches(who string) (all []answer) {
	w.Helper()
	const base = "/api/talks/istanbul"
	for _, path := range []string{"/api/talks", base + "/records", base + "/bundle", base + "/record?record=joint", base + "/record?record=public"} {
		all = append(all, w.get(who, path))
	}
	for n := range 64 {
		for _, name := range []string{"joint", "public"} {
			all = append(all, w.get(who, fmt.Sprintf("%s/entries/%d/proof?record=%s", base, n+1, name)))
		}
	}
	var list api.Records
	w.get(who, base+"/records").into(w, &list)
	for _, r := range list.Records {
		all = append(all, w.get(who, base+"/record?record="+string(r.Record)))
		all = append(all, w.get(who, base+"/stream?record="+string(r.Record))) // the server is closing, so it ends
	}
	for _, act := range slices.Sorted(maps.Keys(private)) {
		all = append(all, w.ask(who, "POST", base+"/acts/"+act, strings.NewReader(`{}`), http.Header{"Content-Type": {"application/json"}}))
	}
	return all
}

// TestTwoWorldsInIstanbul: in one world of the demo's day the mediation keeps no
// log and no register, and nobody objects; in the other it is all full. To the
// hostile head, his delegation and his capital, the observer, the host, the press
// and an intruder, every answer of the API is the same, byte for byte.
func TestTwoWorldsInIstanbul(t *testing.T) {
	quiet, busy := play(t, false), play(t, true)
	if busy.secrets < 40 {
		t.Fatalf("only %d private things happened", busy.secrets)
	}
	for _, who := range []string{"medinsky", "galuzin", "moscow", "observer", "host", "mallory", ""} {
		a, b := quiet.fetches(who), busy.fetches(who)
		if diff := cmp.Diff(a, b, cmp.AllowUnexported(answer{})); diff != "" {
			t.Errorf("%q can tell the worlds apart:\n%.2000s", who, diff)
		}
		for _, one := range b {
			if strings.Contains(one.body, planted) {
				t.Errorf("%q reads what is private: %.300s", who, one.body)
			}
		}
	}
	// The comparison sees: those who are in it find the mark, each their own.
	for who, marks := range map[string][]string{"desk": {planted + " spoke at length", `"grounds":"` + planted}, "kalin": {planted + " spoke at length"}, "umerov": {`"grounds":"` + planted}, "kyiv": {`"grounds":"` + planted}} {
		all := ""
		for _, one := range busy.fetches(who) {
			all += one.body
		}
		for _, mark := range marks {
			if !strings.Contains(all, mark) {
				t.Errorf("%s does not find %s", who, mark)
			}
		}
		if strings.HasPrefix(who, "u") && strings.Contains(all, "spoke at length") {
			t.Errorf("%s reads the contact log", who)
		}
	}
}
