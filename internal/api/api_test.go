package api_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/access"
	"parley/internal/api"
	"parley/internal/memory"
	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/seat"
	"parley/internal/secretariat"
)

// opening is when the tests begin.
var opening = time.Date(2030, 1, 2, 10, 0, 0, 0, time.UTC)

// A house in memory, whose chance and clock are the same every time.
type house struct {
	*testing.T
	*httptest.Server
	desk    *secretariat.Desk
	door    *access.Door
	tokens  map[string]string // of scripts, by name
	cookies map[string]string // of browsers
	people  map[string]access.Person
	closing chan struct{}
	mu      sync.Mutex
	clock   time.Time
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{T: t, tokens: map[string]string{}, cookies: map[string]string{}, people: map[string]access.Person{}, closing: make(chan struct{}), clock: opening}
	chance := rand.NewChaCha8([32]byte{9})
	key, err := record.NewKey(chance, "lake.example")
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.clock }
	fault := func(err error) { t.Error("fault:", err) }
	h.desk = secretariat.New(secretariat.House{Log: new(memory.Log), Signer: key.Signer(), Chance: record.Chance{1}, Now: now, Fault: fault})
	h.door = &access.Door{Store: new(memory.Access), Now: now, Rand: chance}
	h.Server = httptest.NewServer(api.New(api.House{Desk: h.desk, Door: h.door, Book: phrasebook.MustOpen(), Closing: h.closing,
		Link: func(t access.Token) string { return "https://lake.example/in/" + t.Text() },
		Login: func(r *http.Request) string {
			c, err := r.Cookie("parley")
			if err != nil {
				return ""
			}
			return c.Value
		}}))
	t.Cleanup(h.Server.Close)
	for _, name := range []string{"Ada Lovelace", "Njeri Wa", "Otieno Ok", "Grace Observer", "Mallory"} {
		first := strings.ToLower(strings.Fields(name)[0])
		p, err := h.door.Enrol(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := h.door.GiveScript(t.Context(), p.ID, "test", 24*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		link, _, err := h.door.Invite(t.Context(), p.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		cookie, _, err := h.door.Redeem(t.Context(), link.Text(), "a browser")
		if err != nil {
			t.Fatal(err)
		}
		h.people[first], h.tokens[first], h.cookies[first] = p, token.Text(), cookie.Text()
	}
	return h
}

// convened has Ada convene the lake talks and chair them, with Njeri for Kenya
// and Otieno for Uganda.
func convened(t *testing.T) *house {
	h := newHouse(t)
	h.convene("lake")
	for _, line := range []string{
		`ada admit-party {"party":"uganda","name":"Uganda"}`,
		`ada admit-party {"party":"kenya","name":"Kenya"}`,
		`ada accredit {"party":"kenya","person":"@njeri","name":"Njeri Wa","as":"head"}`,
		`ada accredit {"party":"uganda","person":"@otieno","name":"Otieno Ok","as":"head"}`,
		`ada name-chair {"seat":"s1"}`,
	} {
		h.do(line)
	}
	return h
}

func (h *house) convene(id string) {
	h.Helper()
	act, err := secretariat.Acts.FromWords("convene", map[string][]string{"title": {"The lake talks"}, "mediation": {"The Lake Commission"}, "zone": {"Africa/Nairobi"}, "name": {"Ada Lovelace"}})
	if err != nil {
		h.Fatal(err)
	}
	who := secretariat.Caller{Person: seat.Person(h.people["ada"].ID), Convenes: id}
	if _, err := h.desk.Submit(h.Context(), id, who, secretariat.Submission{Act: act}); err != nil {
		h.Fatal(err)
	}
}

// do has somebody do something in the lake talks, which must go well.
func (h *house) do(line string) api.Entered {
	h.Helper()
	a := h.try(line)
	if a.status != http.StatusOK {
		h.Fatalf("%s: %d %s", line, a.status, a.body)
	}
	var out api.Entered
	if err := json.Unmarshal([]byte(a.body), &out); err != nil {
		h.Fatal(err)
	}
	return out
}

// try has somebody try something in the lake talks: "who act {fields} request".
func (h *house) try(line string) answer {
	h.Helper()
	who, rest, _ := strings.Cut(line, " ")
	act, body, _ := strings.Cut(rest, " ")
	request := ""
	if i := strings.LastIndexByte(body, '}'); i >= 0 {
		body, request = body[:i+1], strings.TrimSpace(body[i+1:])
	}
	for name, p := range h.people {
		body = strings.ReplaceAll(body, "@"+name, string(p.ID))
	}
	header := http.Header{"Content-Type": {"application/json"}}
	if request != "" {
		header.Set("Request-Id", request)
	}
	return h.ask(who, "POST", "/api/talks/lake/acts/"+act, strings.NewReader(body), header)
}

type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request as somebody, or as nobody ("").
func (h *house) ask(who, method, path string, body io.Reader, header http.Header) answer {
	h.Helper()
	r, err := http.NewRequestWithContext(h.Context(), method, h.URL+path, body)
	if err != nil {
		h.Fatal(err)
	}
	for k, v := range header {
		r.Header[k] = v
	}
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+h.tokens[who])
	}
	w, err := h.Client().Do(r)
	if err != nil {
		h.Fatal(err)
	}
	defer w.Body.Close()
	text, err := io.ReadAll(w.Body)
	if err != nil {
		h.Fatal(err)
	}
	w.Header.Del("Date")
	return answer{w.StatusCode, w.Header, string(text)}
}

func (h *house) get(who, path string) answer { h.Helper(); return h.ask(who, "GET", path, nil, nil) }

func (a answer) problem(t testing.TB) api.Problem {
	t.Helper()
	var p api.Problem
	if a.header.Get("Content-Type") != api.ProblemType {
		t.Fatalf("this is no problem document: %d %s %s", a.status, a.header, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &p); err != nil {
		t.Fatal(err)
	}
	if p.Status != a.status || p.Detail == "" || p.Title == "" || p.Type == "" || strings.Contains(a.body, "{refusal") {
		t.Errorf("the problem is not told in full: %s", a.body)
	}
	return p
}

func (a answer) into(t testing.TB, v any) {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatal(err)
	}
}

func TestAnActIsAnsweredWithItsReceipt(t *testing.T) {
	h := convened(t)
	out := h.do(`ada open-meeting {"title":"First meeting"} first`)
	if len(out.Entries) != 2 {
		t.Fatalf("%d entries followed", len(out.Entries))
	}
	e := out.Entries[0]
	if e.Record != "lake/joint" || e.Event != "meeting-opened" || e.Seat != "s1" || !slices.Equal(e.Says, []string{"The chair opens meeting 1."}) {
		t.Errorf("%+v", e)
	}
	for _, e := range out.Entries {
		r, err := record.ParseReceipt([]byte(e.Receipt))
		if err == nil {
			err = r.Verify(h.desk.Verifier(), r.Leaf)
		}
		if err != nil || r.Number != e.Number || api.Spell(r.Leaf) != e.Leaf {
			t.Errorf("the receipt of entry %d: %+v, %v", e.Number, r, err)
		}
	}

	// The proof as of now is for a later head, and verifies too.
	h.do(`njeri ask-for-floor {}`)
	a := h.get("njeri", fmt.Sprintf("/api/talks/lake/entries/%d/proof", e.Number))
	r, err := record.ParseReceipt([]byte(a.body))
	if err == nil {
		err = r.Verify(h.desk.Verifier(), r.Leaf)
	}
	if err != nil || api.Spell(r.Leaf) != e.Leaf {
		t.Errorf("the proof of entry %d: %v\n%s", e.Number, err, a.body)
	}
	var house struct{ Key string }
	h.get("", "/api/house").into(t, &house)
	if house.Key != h.desk.Verifier().String() {
		t.Errorf("the house's key is %q", house.Key)
	}
}

func TestARequestSentAgainIsEnteredOnce(t *testing.T) {
	h := convened(t)
	h.do(`ada open-meeting {}`)
	first := h.do(`njeri ask-for-floor {} r1`)
	again := h.do(`njeri ask-for-floor {} r1`)
	if !again.Repeated || len(again.Entries) != 1 || again.Entries[0].Number != first.Entries[0].Number || again.Entries[0].Leaf != first.Entries[0].Leaf {
		t.Errorf("again: %+v", again)
	}
	h.do(`otieno ask-for-floor {} r1`) // another seat's r1 is another request
	h.do(`ada give-floor {} r2`)
	a := h.try(`ada give-floor {"side":"uganda","reason":"later"} r2`)
	if p := a.problem(t); p.Status != 400 || p.Rule != 50 || !strings.Contains(p.Detail, "used before") {
		t.Errorf("another body: %+v", p)
	}
}

func TestANewcomerGetsALink(t *testing.T) {
	h := convened(t)
	out := h.do(`ada accredit {"party":"kenya","name":"Wanjiku Mw","as":"delegate"}`)
	link, ok := strings.CutPrefix(out.Link, "https://lake.example/in/")
	if !ok || out.Person == "" {
		t.Fatalf("%+v", out)
	}
	cookie, v, err := h.door.Redeem(t.Context(), link, "a browser")
	if err != nil || string(v.Person.ID) != out.Person {
		t.Fatalf("%+v, %v", v, err)
	}
	// Her browser reads the record with its login.
	a := h.ask("", "GET", "/api/talks/lake/record", nil, http.Header{"Cookie": {"parley=" + cookie.Text()}})
	var page api.Page
	a.into(t, &page)
	if last := page.Entries[len(page.Entries)-1]; !strings.Contains(last.Says[0], "Wanjiku Mw") {
		t.Errorf("she reads %+v", last)
	}
}

func TestEveryActIsInTheList(t *testing.T) {
	h := convened(t)
	var list api.Acts
	h.get("", "/api/acts").into(t, &list)
	if len(list.Acts) != len(secretariat.Acts.Specs()) {
		t.Errorf("%d acts of %d", len(list.Acts), len(secretariat.Acts.Specs()))
	}
	for _, a := range list.Acts {
		// Each is taken in; what comes of it is another matter.
		answer := h.ask("ada", "POST", "/api/talks/lake/acts/"+a.Act, strings.NewReader("{}"), http.Header{"Content-Type": {"application/json"}})
		if answer.status == 500 || answer.status == 200 && len(answer.body) == 0 {
			t.Errorf("%s: %d %s", a.Act, answer.status, answer.body)
		}
		if a.Says == "" || strings.HasPrefix(a.Says, "{") {
			t.Errorf("%s is not said: %q", a.Act, a.Says)
		}
	}
}

func TestBadInputIsRefusedInASentence(t *testing.T) {
	h := convened(t)
	h.do(`ada open-meeting {}`)
	h.do(`ada set-time-limit {"minutes":5}`)
	type c struct {
		what, who, method, path, contentType, body, request string
		status                                              int
		kind, says                                          string
	}
	const acts = "/api/talks/lake/acts/"
	for _, c := range []c{
		{"an unknown act", "ada", "POST", acts + "dance", "application/json", "{}", "", 404, "absent", "no act “dance”"},
		{"an unknown field", "ada", "POST", acts + "speak", "application/json", `{"txt":"x"}`, "", 400, "invalid", "no field “txt”"},
		{"a field in other letters", "ada", "POST", acts + "speak", "application/json", `{"Text":"x","kept":"exact"}`, "", 400, "invalid", "no field “Text”"},
		{"a wrong type", "ada", "POST", acts + "set-time-limit", "application/json", `{"minutes":"five"}`, "", 400, "invalid", "“minutes” of “set-time-limit” is a text, and should be a number"},
		{"half a minute", "ada", "POST", acts + "set-time-limit", "application/json", `{"minutes":0.5}`, "", 400, "invalid", "not a whole number"},
		{"a field given twice", "ada", "POST", acts + "speak", "application/json", `{"text":"a","text":"b","kept":"exact"}`, "", 400, "invalid", "more than once"},
		{"an object for a word", "ada", "POST", acts + "speak", "application/json", `{"text":{"en":"x"},"kept":"exact"}`, "", 400, "invalid", "is a JSON object"},
		{"a comma in a list", "ada", "POST", acts + "accredit", "application/json", `{"party":"kenya","name":"X","as":"delegate","powers":["sign,bind"]}`, "", 400, "invalid", "“powers”"},
		{"half an object", "ada", "POST", acts + "speak", "application/json", `{"text":"x"`, "", 400, "invalid", "cannot be read"},
		{"not JSON", "ada", "POST", acts + "speak", "application/json", `text=x`, "", 400, "invalid", "cannot be read"},
		{"two objects", "ada", "POST", acts + "speak", "application/json", `{}{}`, "", 400, "invalid", "cannot be read"},
		{"a list", "ada", "POST", acts + "speak", "application/json", `["x"]`, "", 400, "invalid", "cannot be read"},
		{"a form", "ada", "POST", acts + "speak", "application/x-www-form-urlencoded", `text=x`, "", 415, "invalid", "JSON object"},
		{"no type", "ada", "POST", acts + "speak", "", `{}`, "", 415, "invalid", "JSON object"},
		{"too much", "ada", "POST", acts + "speak", "application/json", `{"text":"` + strings.Repeat("x", 3<<20) + `"}`, "", 413, "invalid", "too large"},
		{"a text too long", "ada", "POST", acts + "admit-party", "application/json", `{"party":"rwanda","name":"` + strings.Repeat("x", 70<<10) + `"}`, "", 400, "invalid", "longer than 64 kB"},
		{"hidden characters", "ada", "POST", acts + "speak", "application/json", `{"text":"a\u202eb","kept":"exact"}`, "", 400, "invalid", "control characters"},
		{"a bad request id", "ada", "POST", acts + "speak", "application/json", `{"text":"x","kept":"exact"}`, "a b", 400, "invalid", "request id"},
		{"a wrong choice", "ada", "POST", acts + "speak", "application/json", `{"text":"x","kept":"shouted"}`, "", 400, "invalid", "one of: exact"},
		{"a wrong method", "ada", "GET", acts + "speak", "", "", "", 405, "invalid", "does not take GET"},
		{"another wrong method", "ada", "DELETE", "/api/talks/lake/record", "", "", "", 405, "invalid", "does not take DELETE"},
		{"a number that is none", "ada", "GET", "/api/talks/lake/record?after=x", "", "", "", 400, "invalid", "“x”"},
		{"a number below nought", "ada", "GET", "/api/talks/lake/record?after=-1", "", "", "", 400, "invalid", "“-1”"},
		{"no such path", "ada", "GET", "/api/nonsense", "", "", "", 404, "absent", "nothing here"},
		{"out of order", "njeri", "POST", acts + "yield-floor", "application/json", `{}`, "", 409, "out of order", "Kenya does not have the floor"},
		{"not entitled", "njeri", "POST", acts + "adjourn-meeting", "application/json", `{}`, "", 403, "denied", "It is not for the head of delegation"},
	} {
		header := http.Header{}
		if c.contentType != "" {
			header.Set("Content-Type", c.contentType)
		}
		if c.request != "" {
			header.Set("Request-Id", c.request)
		}
		a := h.ask(c.who, c.method, c.path, strings.NewReader(c.body), header)
		p := a.problem(t)
		if a.status != c.status || p.Kind != c.kind || !strings.Contains(p.Detail, c.says) {
			t.Errorf("%s: %d %s: %s", c.what, a.status, p.Kind, p.Detail)
		}
		if a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: it may be stored: %v", c.what, a.header)
		}
		if a.status == 405 && a.header.Get("Allow") == "" {
			t.Errorf("%s: it does not say what is allowed", c.what)
		}
	}
	if n := len(h.page("ada", "joint").Entries); n != 9 {
		t.Errorf("something was entered: the record has %d entries", n)
	}
}

func (h *house) page(who, which string) api.Page {
	h.Helper()
	var p api.Page
	h.get(who, "/api/talks/lake/record?record="+which).into(h, &p)
	return p
}

func TestAClockThatRunsBackIsRefused(t *testing.T) {
	h := convened(t)
	h.mu.Lock()
	h.clock = opening.Add(-time.Hour)
	h.mu.Unlock()
	// The tokens stay good: they are counted from the same clock.
	p := h.try(`ada open-meeting {}`).problem(t)
	if p.Status != 409 || p.Rule != 52 || !strings.Contains(p.Detail, "set the clock") {
		t.Errorf("%+v", p)
	}
}

// TestWhatOneMayNotKnowIsNotThere compares, byte for byte, a house in which
// the lake talks go on in private with a house in which there are none.
func TestWhatOneMayNotKnowIsNotThere(t *testing.T) {
	full, empty := convened(t), newHouse(t)
	full.do(`ada open-meeting {}`)
	note := full.do(`njeri pass-note {"to":"uganda","text":"Shall we meet on the shore?"}`)
	room := note.Entries[len(note.Entries)-1].Record
	full.do(`ada name-host {"person":"@grace","name":"Grace Observer"}`) // a host sees nothing

	for _, who := range []string{"", "mallory"} {
		for _, path := range []string{
			"/api/talks", "/api/talks/lake/records", "/api/talks/lake/record", "/api/talks/lake/record?record=public",
			"/api/talks/lake/record?record=" + string(room), "/api/talks/lake/record?record=lake/room/00000000000000000000000000000000",
			"/api/talks/lake/record?record=nonsense", "/api/talks/lake/stream", "/api/talks/lake/stream?record=public",
			"/api/talks/lake/entries/1/proof", "/api/talks/lake/entries/1/proof?record=" + string(room), "/api/talks/lake/bundle",
			"/api/talks/lake/nonsense",
		} {
			a, b := full.get(who, path), empty.get(who, path)
			if diff := cmp.Diff(b, a, cmp.AllowUnexported(answer{})); diff != "" {
				t.Errorf("%q can tell by %s (-nothing +lake):\n%s", who, path, diff)
			}
		}
		for _, s := range secretariat.Acts.Specs() {
			for _, body := range []string{`{}`, `{"name":"Mallory","person":"x"}`, `{"nonsense":1}`} {
				ask := func(h *house) answer {
					return h.ask(who, "POST", "/api/talks/lake/acts/"+s.Name, strings.NewReader(body), http.Header{"Content-Type": {"application/json"}, "Request-Id": {"r1"}})
				}
				if diff := cmp.Diff(ask(empty), ask(full), cmp.AllowUnexported(answer{})); diff != "" {
					t.Errorf("%q can tell by %s %s (-nothing +lake):\n%s", who, s.Name, body, diff)
				}
			}
		}
	}
	// Nor does somebody at the table learn of a room that is not theirs.
	for _, path := range []string{"/api/talks/lake/record?record=", "/api/talks/lake/stream?record=", "/api/talks/lake/entries/1/proof?record="} {
		there := full.get("ada", path+string(room))
		nowhere := full.get("ada", path+"lake/room/00000000000000000000000000000000")
		if diff := cmp.Diff(nowhere, there, cmp.AllowUnexported(answer{})); diff != "" {
			t.Errorf("Ada can tell by %s:\n%s", path, diff)
		}
	}
	if p := full.get("mallory", "/api/talks/lake/record").problem(t); p.Status != 404 || p.Kind != "absent" {
		t.Errorf("Mallory: %+v", p)
	}
}

// TestTwoWorlds plays twice what differs only in closed words and in a private
// room, and compares everything that the public can fetch.
func TestTwoWorlds(t *testing.T) {
	play := func(secret string, notes int) (seen []answer) {
		h := convened(t)
		h.do(`ada announce {"title":"The lake talks"}`)
		h.do(`ada open-meeting {}`)
		h.do(fmt.Sprintf(`ada speak {"text":%q,"kept":"exact"}`, secret))
		for range notes {
			h.do(fmt.Sprintf(`njeri pass-note {"to":"uganda","text":%q}`, secret))
		}
		h.do(`ada publish {"words":"The talks go on."}`)
		for _, who := range []string{"", "mallory"} {
			for _, path := range []string{
				"/api/talks", "/api/talks/lake/records", "/api/talks/lake/record?record=public", "/api/talks/lake/record",
				"/api/talks/lake/entries/1/proof?record=public", "/api/talks/lake/entries/2/proof?record=public", "/api/talks/lake/bundle", "/api/acts",
			} {
				seen = append(seen, h.get(who, path))
			}
			seen = append(seen, answer{body: strings.Join(h.events(who, "record=public", "", 2), "\n")})
		}
		for _, a := range seen {
			if strings.Contains(a.body, secret) || strings.Contains(a.body, "Njeri") || strings.Contains(a.body, "kenya") {
				t.Errorf("the public reads %s", a.body)
			}
		}
		return seen
	}
	a, b := play("planted-mark-one", 0), play("planted-mark-number-two, which is longer", 3)
	if diff := cmp.Diff(a, b, cmp.AllowUnexported(answer{})); diff != "" {
		t.Errorf("the public can tell the worlds apart:\n%s", diff)
	}
	if !strings.Contains(a[2].body, "The talks go on.") || a[3].status != 404 {
		t.Errorf("the public reads %+v, %+v", a[2], a[3])
	}
}

func TestWhatIsWithheldIsNumberAndLeaf(t *testing.T) {
	h := convened(t)
	h.do(`ada admit-observer {"person":"@grace","name":"Grace Observer","as":"observer"}`)
	h.do(`ada open-meeting {}`)
	var raw struct{ Entries []map[string]any }
	h.get("grace", "/api/talks/lake/record").into(t, &raw)
	for i, e := range raw.Entries {
		if _, open := e["event"]; open != (i >= 7) {
			t.Errorf("entry %d: %v", i+1, e)
		}
		if _, open := e["event"]; !open && (len(e) != 2 || e["number"] == nil || e["leaf"] == nil) {
			t.Errorf("of entry %d she sees %v", i+1, e)
		}
	}
	if p := h.page("ada", "joint"); p.Size != int64(len(p.Entries)) || len(p.Entries) != len(raw.Entries) {
		t.Errorf("Ada reads %d of %d entries", len(p.Entries), p.Size)
	}
	// Her extract verifies all the same.
	for _, who := range []string{"grace", "njeri", "ada"} {
		v := h.desk.Verifier()
		report, err := record.VerifyBundle(strings.NewReader(h.get(who, "/api/talks/lake/bundle").body), &v)
		if err != nil {
			t.Errorf("the bundle of %s: %v", who, err)
		} else if withheld := report.Records[0].Withheld; (withheld > 0) != (who == "grace") {
			t.Errorf("%s has %d entries withheld", who, withheld)
		}
	}
}

// events reads so many server-sent events and returns them.
func (h *house) events(who, query, last string, n int) []string {
	h.Helper()
	r, err := http.NewRequestWithContext(h.Context(), "GET", h.URL+"/api/talks/lake/stream?"+query, nil)
	if err != nil {
		h.Fatal(err)
	}
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+h.tokens[who])
	}
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	w, err := h.Client().Do(r)
	if err != nil {
		h.Fatal(err)
	}
	defer w.Body.Close()
	if w.StatusCode != 200 || w.Header.Get("Content-Type") != "text/event-stream" {
		h.Fatalf("%d %v", w.StatusCode, w.Header)
	}
	return readEvents(h, w.Body, n)
}

func readEvents(t testing.TB, from io.Reader, n int) (events []string) {
	t.Helper()
	lines := bufio.NewScanner(from)
	var event []string
	for len(events) < n && lines.Scan() {
		switch line := lines.Text(); {
		case line != "":
			event = append(event, line)
		case len(event) > 0 && strings.HasPrefix(event[0], "id: "):
			events, event = append(events, strings.Join(event, "\n")), nil
		default:
			event = nil
		}
	}
	if len(events) < n {
		t.Fatalf("the stream ended after %q: %v", events, lines.Err())
	}
	return events
}

func ids(events []string) (list []string) {
	for _, e := range events {
		id, _, _ := strings.Cut(e, "\n")
		list = append(list, strings.TrimPrefix(id, "id: "))
	}
	return list
}

func TestAStreamGoesOnWhereItBrokeOff(t *testing.T) {
	h := convened(t)
	h.do(`ada open-meeting {}`) // 7, and the anchors are 8
	h.do(`njeri ask-for-floor {}`)
	if got := ids(h.events("ada", "", "", 8)); !slices.Equal(got, strings.Fields("1 2 3 4 5 6 7 9")) {
		t.Errorf("from the beginning: %v", got)
	}
	if got := ids(h.events("ada", "", "6", 2)); !slices.Equal(got, []string{"7", "9"}) {
		t.Errorf("after 6: %v", got)
	}
	// Live: what is entered while the stream is open arrives on it.
	r, _ := http.NewRequestWithContext(t.Context(), "GET", h.URL+"/api/talks/lake/stream?after=9", nil)
	r.Header.Set("Authorization", "Bearer "+h.tokens["otieno"])
	w, err := h.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	h.do(`otieno ask-for-floor {}`)
	live := readEvents(t, w.Body, 1)
	if !strings.Contains(live[0], "Uganda asks for the floor.") || ids(live)[0] != "10" {
		t.Errorf("live: %q", live)
	}
	// When the server closes, the stream ends by itself.
	close(h.closing)
	if rest, err := io.ReadAll(w.Body); err != nil || bytes.Contains(rest, []byte("id:")) {
		t.Errorf("at the end: %q, %v", rest, err)
	}
}

func TestWhoeverIsSentAwayHearsNoMore(t *testing.T) {
	h := convened(t)
	h.do(`ada open-meeting {}`)
	r, _ := http.NewRequestWithContext(t.Context(), "GET", h.URL+"/api/talks/lake/stream?after=6", nil)
	r.Header.Set("Authorization", "Bearer "+h.tokens["njeri"])
	w, err := h.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	readEvents(t, w.Body, 1)
	if err := h.door.RevokeAll(t.Context(), h.people["njeri"].ID); err != nil {
		t.Fatal(err)
	}
	h.do(`otieno ask-for-floor {}`)
	if rest, err := io.ReadAll(w.Body); err != nil || bytes.Contains(rest, []byte("Uganda")) {
		t.Errorf("she still reads %q, %v", rest, err)
	}
}

func TestWhoMayComeIn(t *testing.T) {
	h := convened(t)
	cookie := http.Header{"Cookie": {"parley=" + h.cookies["njeri"]}}
	with := func(key, value string) http.Header {
		c := cookie.Clone()
		c.Set(key, value)
		c.Set("Content-Type", "application/json")
		return c
	}
	if a := h.ask("", "GET", "/api/talks/lake/record", nil, cookie); a.status != 200 {
		t.Errorf("a browser reads: %d %s", a.status, a.body)
	}
	for _, c := range []struct {
		what   string
		header http.Header
		status int
		kind   string
	}{
		{"a page of ours", with("Sec-Fetch-Site", "same-origin"), 409, "out of order"}, // there is no meeting
		{"a page of another site", with("Sec-Fetch-Site", "cross-site"), 403, "denied"},
		{"an old browser on another site", with("Origin", "https://evil.example"), 403, "denied"},
		{"a token that is none", http.Header{"Authorization": {"Bearer nonsense"}, "Content-Type": {"application/json"}}, 403, "denied"},
		{"a password", http.Header{"Authorization": {"Basic YTpi"}, "Content-Type": {"application/json"}}, 403, "denied"},
		{"a cookie as a token", http.Header{"Authorization": {"Bearer " + h.cookies["njeri"]}, "Content-Type": {"application/json"}}, 403, "denied"},
		{"a cookie that is none", http.Header{"Cookie": {"parley=0000000000000000000000000"}, "Content-Type": {"application/json"}}, 403, "denied"},
	} {
		a := h.ask("", "POST", "/api/talks/lake/acts/ask-for-floor", strings.NewReader("{}"), c.header)
		if p := a.problem(t); a.status != c.status || p.Kind != c.kind {
			t.Errorf("%s: %d %s", c.what, a.status, a.body)
		}
	}
	h.mu.Lock()
	h.clock = opening.Add(25 * time.Hour)
	h.mu.Unlock()
	if p := h.get("njeri", "/api/talks/lake/record").problem(t); p.Status != 403 {
		t.Errorf("a token of yesterday: %+v", p)
	}
}

func TestALongRecordIsGivenInPages(t *testing.T) {
	h := convened(t)
	h.do(`ada open-meeting {}`)
	for range 80 {
		h.do(`ada speak {"kept":"exact","text":"` + strings.Repeat("o", 60<<10) + `"}`)
	}
	for range 500 {
		h.do(`njeri ask-for-floor {}`)
		h.do(`ada give-floor {}`)
		h.do(`njeri yield-floor {}`)
	}
	var numbers []int64
	pages := 0
	for after, more := int64(0), true; more; pages++ {
		var p api.Page
		a := h.get("ada", fmt.Sprintf("/api/talks/lake/record?after=%d", after))
		a.into(t, &p)
		if len(p.Entries) > 1000 || len(a.body) > 5<<20 {
			t.Errorf("a page has %d entries and %d bytes", len(p.Entries), len(a.body))
		}
		for _, e := range p.Entries {
			numbers = append(numbers, e.Number)
		}
		after, more = p.Next, p.Next > 0
	}
	for i, n := range numbers {
		if n != int64(i+1) {
			t.Fatalf("entry %d comes where %d should", n, i+1)
		}
	}
	if len(numbers) != 8+80+1500 || pages < 3 {
		t.Errorf("%d entries in %d pages", len(numbers), pages)
	}
}
