package client_test

import (
	"context"
	"errors"
	"go/parser"
	"go/token"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/client"
	"parley/internal/access"
	"parley/internal/api"
	"parley/internal/memory"
	"parley/internal/parleytest"
	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// A house with a server, in which Ada mediates and chairs the lake talks.
type house struct {
	*parleytest.House
	*testing.T
	server *httptest.Server
	door   *access.Door
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{House: parleytest.NewHouse(t, new(memory.Log)), T: t}
	h.door = &access.Door{Store: new(memory.Access), Now: func() time.Time { return h.Clock }, Rand: rand.NewChaCha8([32]byte{5})}
	h.server = httptest.NewServer(api.New(api.House{Desk: h.Desk, Door: h.door, Book: phrasebook.MustOpen(),
		Link: func(t access.Token) string { return "https://lake.example/in/" + t.Text() }}))
	t.Cleanup(h.server.Close)
	return h
}

// person enrols somebody, and returns their id and their client.
func (h *house) person(name string) (access.PersonID, *client.House) {
	h.Helper()
	p, err := h.door.Enrol(h.Context(), name)
	if err != nil {
		h.Fatal(err)
	}
	return p.ID, h.client(p.ID)
}

func (h *house) client(id access.PersonID) *client.House {
	h.Helper()
	token, _, err := h.door.GiveScript(h.Context(), id, "test", time.Hour)
	if err != nil {
		h.Fatal(err)
	}
	c, err := client.New(h.server.URL, token.Text())
	if err != nil {
		h.Fatal(err)
	}
	return c
}

// convened returns Ada's client.
func (h *house) convened() *client.House {
	h.Helper()
	id, ada := h.person("Ada Lovelace")
	_, err := h.Desk.Submit(h.Context(), "lake", secretariat.Caller{Person: seat.Person(id), Convenes: "lake"}, secretariat.Submission{
		Act: talks.Convene{Title: "The lake talks", Mediation: "The Lake Commission", Zone: "Africa/Nairobi", Name: "Ada Lovelace"}})
	if err != nil {
		h.Fatal(err)
	}
	return ada
}

func (h *house) do(c *client.House, act string, fields map[string]any) client.Entered {
	h.Helper()
	out, err := c.Submit(h.Context(), "lake", client.Act{Name: act, Fields: fields})
	if err != nil {
		h.Fatalf("%s: %v", act, err)
	}
	return out
}

// TestThreeVerbs: Ada seats the others and opens a meeting; Njeri reads it, and
// hears what comes after, live.
func TestThreeVerbs(t *testing.T) {
	h := newHouse(t)
	ada := h.convened()
	for _, party := range []string{"kenya", "uganda"} {
		h.do(ada, "admit-party", map[string]any{"party": party, "name": strings.ToUpper(party[:1]) + party[1:]})
	}
	seated := h.do(ada, "accredit", map[string]any{"party": "kenya", "name": "Njeri Wa", "as": "head", "powers": []string{"negotiate"}})
	if seated.Person == "" || !strings.HasPrefix(seated.Link, "https://lake.example/in/") || seated.Request == "" {
		t.Errorf("%+v", seated)
	}
	h.do(ada, "accredit", map[string]any{"party": "uganda", "name": "Otieno Ok", "as": "head"})
	h.do(ada, "name-chair", map[string]any{"seat": "s1"})
	opened := h.do(ada, "open-meeting", map[string]any{"title": "First", "when": h.Clock.Add(-time.Minute), "approximate": true})
	e := opened.Entries[0]
	r, err := record.ParseReceipt([]byte(e.Receipt))
	if err == nil {
		err = r.Verify(h.Verifier(), r.Leaf)
	}
	if err != nil || e.Record != "lake/joint" || e.Event != "meeting-opened" || e.Withheld() || !e.Time.Equal(h.Clock) || len(e.Says) == 0 || len(e.Structure) == 0 {
		t.Errorf("%+v: %v", e, err)
	}

	njeri := h.client(access.PersonID(seated.Person))
	var read []client.Entry
	for e, err := range njeri.Read(t.Context(), "lake", client.Joint, 3) {
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, e)
	}
	if len(read) != 5 || read[0].Number != 4 || read[0].Record != "lake/joint" || !strings.Contains(read[0].Says[0], "Njeri Wa is accredited") {
		t.Errorf("she reads %+v", read)
	}
	records, err := njeri.Records(t.Context(), "lake")
	if err != nil || len(records) != 1 || records[0].Name != "lake/joint" || records[0].Size != 8 || !strings.Contains(records[0].Checkpoint, "lake/joint") {
		t.Errorf("she may open %+v: %v", records, err)
	}

	var heard []string
	for e, err := range njeri.Watch(t.Context(), "lake", client.Joint, read[2].Number) {
		if err != nil {
			t.Fatal(err)
		}
		heard = append(heard, e.Says[0])
		if len(heard) == 1 {
			h.do(njeri, "ask-for-floor", nil)
		} else {
			break
		}
	}
	if len(heard) != 2 || heard[1] != "Kenya asks for the floor." {
		t.Errorf("she hears %q", heard)
	}
}

// lossy loses answers on the way back, the first few times.
type lossy struct{ left atomic.Int32 }

func (l *lossy) RoundTrip(r *http.Request) (*http.Response, error) {
	w, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && l.left.Add(-1) >= 0 {
		w.Body.Close()
		return nil, errors.New("the line went dead")
	}
	return w, err
}

// TestAnswersThatAreLost: an act is entered once, however often its answer is lost.
func TestAnswersThatAreLost(t *testing.T) {
	h := newHouse(t)
	ada := h.convened()
	line := new(lossy)
	ada.HTTP = &http.Client{Transport: line}
	line.left.Store(2)
	out, err := ada.Submit(t.Context(), "lake", client.Act{Name: "admit-party", Fields: map[string]any{"party": "kenya", "name": "Kenya"}})
	if err != nil || !out.Repeated || len(out.Entries) != 1 || out.Entries[0].Number != 2 {
		t.Errorf("%+v: %v", out, err)
	}
	line.left.Store(100)
	out, err = ada.Submit(t.Context(), "lake", client.Act{Name: "admit-party", Fields: map[string]any{"party": "uganda", "name": "Uganda"}})
	var no *client.Problem
	if err == nil || errors.As(err, &no) || out.Request == "" {
		t.Errorf("nobody answers: %+v: %v", out, err)
	}
	line.left.Store(0)
	again, err := ada.Submit(t.Context(), "lake", client.Act{Name: "admit-party", Fields: map[string]any{"party": "uganda", "name": "Uganda"}, Request: out.Request})
	if err != nil || !again.Repeated || again.Entries[0].Number != 3 {
		t.Errorf("asked again under the same id: %+v: %v", again, err)
	}
}

// TestWatchGoesOnWhereItWas: the line breaks again and again while things
// happen; the reader gets every entry once and in order.
func TestWatchGoesOnWhereItWas(t *testing.T) {
	h := newHouse(t)
	ada := h.convened()
	const entries = 60
	var busy sync.WaitGroup
	busy.Go(func() {
		for i := range entries - 1 {
			if _, err := ada.Submit(t.Context(), "lake", client.Act{Name: "arrange-venue", Fields: map[string]any{"place": "The palace"}}); err != nil {
				t.Error(err)
			}
			if i%15 == 7 {
				h.server.CloseClientConnections()
			}
		}
	})
	next := int64(1)
	for e, err := range ada.Watch(t.Context(), "lake", client.Joint, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Number != next {
			t.Fatalf("entry %d comes where %d should", e.Number, next)
		}
		if next++; next > entries {
			break
		}
	}
	busy.Wait()
}

// TestALongRecord is read to its end, in pages.
func TestALongRecord(t *testing.T) {
	h := newHouse(t)
	ada := h.convened()
	who := ""
	people, _ := h.door.People(t.Context())
	who = string(people[0].ID)
	for range 1100 {
		if _, err := h.Desk.Submit(t.Context(), "lake", secretariat.Caller{Person: seat.Person(who)}, secretariat.Submission{Act: talks.ArrangeVenue{Place: "x"}}); err != nil {
			t.Fatal(err)
		}
	}
	n := int64(0)
	for e, err := range ada.Read(t.Context(), "lake", client.Joint, 0) {
		if n++; err != nil || e.Number != n {
			t.Fatalf("entry %d comes where %d should: %v", e.Number, n, err)
		}
	}
	if n != 1101 {
		t.Errorf("%d entries were read", n)
	}
}

// TestNo: a no of the house comes as a problem; nobody is let in by guessing,
// and a stream that may not be read ends at once.
func TestNo(t *testing.T) {
	h := newHouse(t)
	ada := h.convened()
	_, mallory := h.person("Mallory")
	problem := func(err error) client.Problem {
		t.Helper()
		var no *client.Problem
		if !errors.As(err, &no) {
			t.Fatalf("this is no problem: %v", err)
		}
		return *no
	}
	_, err := ada.Submit(t.Context(), "lake", client.Act{Name: "ask-for-floor"})
	if p := problem(err); p.Kind != client.OutOfOrder || p.Rule == 0 || p.Status != 409 || p.Error() != p.Detail {
		t.Errorf("%+v", p)
	}
	_, err = ada.Submit(t.Context(), "lake", client.Act{Name: "admit-party", Fields: map[string]any{"nonsense": 1}})
	if p := problem(err); p.Kind != client.Invalid || p.Rule != 51 {
		t.Errorf("%+v", p)
	}
	for name, c := range map[string]*client.House{"Mallory": mallory, "nobody": mustNew(t, h.server.URL, "")} {
		for _, err := range c.Read(t.Context(), "lake", client.Joint, 0) {
			if p := problem(err); p.Kind != client.Absent {
				t.Errorf("%s reads: %+v", name, p)
			}
		}
		for _, err := range c.Watch(t.Context(), "lake", client.Joint, 0) {
			if p := problem(err); p.Kind != client.Absent {
				t.Errorf("%s watches: %+v", name, p)
			}
		}
	}
	// What is not the house is not taken for it, and nobody waits for it for ever.
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "teapot", http.StatusTeapot) }))
	defer other.Close()
	for _, err := range mustNew(t, other.URL, "").Watch(t.Context(), "lake", client.Joint, 0) {
		if err == nil || !strings.Contains(err.Error(), "not a house of parley") {
			t.Errorf("a teapot: %v", err)
		}
	}
	// A reader who goes away is not kept.
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	for _, err := range ada.Watch(ctx, "lake", client.Joint, 0) {
		if leave(); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

func mustNew(t *testing.T, address, token string) *client.House {
	t.Helper()
	c, err := client.New(address, token)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestTokensStayAtHome: a token goes nowhere without TLS but within this machine.
func TestTokensStayAtHome(t *testing.T) {
	for address, good := range map[string]bool{"https://talks.example": true, "http://localhost:8420": true, "http://chair.localhost:8421": true,
		"http://[::1]:8420": true, "http://talks.example": false, "ftp://talks.example": false, "talks.example": false, "https://me:secret@talks.example": false} {
		if _, err := client.New(address, "t"); (err == nil) != good {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := client.New("http://talks.example", ""); err != nil {
		t.Errorf("what is public may be read without TLS: %v", err)
	}
}

// TestTypesOfItsOwn: whoever imports the client depends on nothing of the house.
func TestTypesOfItsOwn(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			if strings.Contains(i.Path.Value, ".") || strings.HasPrefix(i.Path.Value, `"parley`) {
				t.Errorf("%s imports %s", name, i.Path.Value)
			}
		}
	}
}

func Example() {
	house, err := client.New("https://talks.example", "the token that parley token gave out")
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	_, err = house.Submit(ctx, "lake", client.Act{Name: "speak", Fields: map[string]any{"text": "We thank the host.", "kept": "summary"}})
	var no *client.Problem
	if errors.As(err, &no) && no.Kind == client.OutOfOrder {
		log.Print("not yet: ", no.Detail)
	}
	for entry, err := range house.Watch(ctx, "lake", client.Joint, 0) {
		if err != nil {
			log.Fatal(err)
		}
		log.Print(entry.Number, entry.Says)
	}
}
