package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestConvening: the holder of the first link comes in, convenes, and is led to
// where parties are admitted. Nobody else sees that there is anything to convene.
func TestConvening(t *testing.T) {
	s := empty(t)
	s.enrol("mallory", "Mallory", "")
	s.page("ada", "/").says("Convene the talks “lake”")
	p := s.page("ada", "/talks/lake/convene")
	if name := p.value("convene", "name"); name != "Ada Lovelace" {
		t.Errorf("the form does not know Ada: %q", name)
	}
	if a := s.get("mallory", "/talks/lake/convene"); a.Status != 404 {
		t.Errorf("Mallory gets the form: %d", a.Status)
	}
	form := values(`title="The lake" mediation="The Commission" zone=Africa/Nairobi template=diplomatic name="Ada Lovelace" request=r1`)
	a := s.post("ada", "/talks/lake/acts/convene", form)
	if a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/talks/lake/delegations" {
		t.Fatalf("%d to %s\n%s", a.Status, a.Header.Get("Location"), a.Body)
	}
	s.page("ada", "/talks/lake/delegations").says("Admit a party", "as Ada Lovelace, mediator")
}

// TestMeeting: what stands in the room, and who is offered what.
func TestMeeting(t *testing.T) {
	s := inSession(t)
	p := s.page("njeri", "/talks/lake/meeting")
	p.says("First meeting", "Has the floor UUganda", "The lake has no owner.", "as Njeri Wa, head of delegation, for KKenya",
		"Opened 13:00.", "Speaking time", "Raise a point of order", "times in Africa/Nairobi (UTC+03:00)", "Read by everyone seated (The Lake Commission, Kenya, Uganda)")
	if p.has("#tools h2") {
		t.Error("Njeri is shown the chair's tools")
	}
	if got := p.all("#entries li"); len(got) < 10 || words(got[0]) != "13:07 The chair gives the floor to UUganda. 20" && !strings.Contains(words(got[0]), "gives the floor to UUganda") {
		t.Errorf("the newest entry is not first: %s", words(got[0]))
	}
	chair := s.page("ada", "/talks/lake/meeting")
	if got := chair.one("#tools-head"); got != "Chair’s tools" {
		t.Error(got)
	}
	chair.says("Suspend the meeting", "Adjourn the meeting", "Set a time limit")
	for who, not := range map[string][]string{"olga": {"Make a statement", "Ask for the floor"}, "nairobi": {"Make a statement", "Come to the table"}} {
		q := s.page(who, "/talks/lake/meeting")
		q.says("The lake has no owner.")
		q.silent(not...)
	}
	projector := s.page("olga", "/talks/lake/meeting?view=projector")
	projector.says("Has the floor UUganda", "Otieno Ok, head of delegation")
	if projector.has("form") {
		t.Error("the projector has a form")
	}
}

// TestNamesAsEachSideUsesThem: a side's own pages call the others as it does,
// with the letter of that name.
func TestNamesAsEachSideUsesThem(t *testing.T) {
	s := inSession(t)
	s.do("njeri", `name-party party=uganda name="The Western Shore"`)
	s.page("njeri", "/talks/lake/meeting").says("WThe Western Shore")
	q := s.page("otieno", "/talks/lake/meeting")
	q.says("UUganda")
	s.do("ada", `admit-party party=ukerewe name=Ukerewe`)
	s.page("otieno", "/talks/lake/meeting").says("UgUganda", "UkUkerewe", "KKenya")
}

// TestActsAndRefusals: a form posts and leads back; a refusal says the rule and
// keeps the words; pressing twice has one effect.
func TestActsAndRefusals(t *testing.T) {
	s := inSession(t)
	form := values(`text="We were here first & will stay." kept=exact request=r1`)
	a := s.post("njeri", "/talks/lake/acts/speak", form)
	p := read(t, a.Body)
	if a.Status != http.StatusConflict || p.one("h1") != "Kenya does not have the floor." {
		t.Fatalf("%d %s", a.Status, p.text)
	}
	p.says("Rule 23", "Only the side that has the floor speaks", "They were not sent and nobody has seen them")
	if got := p.value("speak", "text"); got != "We were here first & will stay." {
		t.Errorf("the words are kept as %q", got)
	}
	if r := p.value("speak", "request"); r == "r1" || r == "" {
		t.Errorf("the form to send again has the request id %q", r)
	}
	link := p.all(".rule-no a")[0]
	if href, _ := attr(link, "href"); href != "/rules#rule-23" {
		t.Error(href)
	}
	if !s.page("", "/rules").has("#rule-23") {
		t.Error("the rules have no rule 23")
	}

	for range 2 {
		if a := s.post("otieno", "/talks/lake/acts/speak", values(`text="Nor have we." kept=exact request=once`)); a.Status != http.StatusSeeOther {
			t.Fatalf("%d\n%s", a.Status, a.Body)
		}
	}
	count := strings.Count(s.page("njeri", "/talks/lake/meeting").text, "Nor have we.")
	if count != 1 {
		t.Errorf("what was sent twice stands %d times", count)
	}
	for _, bad := range []struct{ form, want string }{
		{"text=Yes kept=loud", "cannot be “loud”"},
		{"text=Yes kept=exact colour=red", "no field “colour”"},
		{"text=Yes kept=exact when=yesterday", "a time is written like"},
		{"text=a\u202eb kept=exact", "hide or reorder"},
	} {
		a := s.post("ada", "/talks/lake/acts/speak", values(bad.form))
		if p := read(t, a.Body); a.Status != http.StatusBadRequest || !strings.Contains(p.text, bad.want) {
			t.Errorf("%s: %d %s", bad.form, a.Status, p.text)
		}
	}
	a = s.post("ada", "/talks/lake/acts/speak", url.Values{"text": {strings.Repeat("x", 3<<20)}})
	if a.Status != http.StatusBadRequest || !strings.Contains(a.Body, "too large") {
		t.Errorf("a body of 3 MB: %d", a.Status)
	}
}

// TestAudienceLines: above every button that sends stands who will read it,
// and it is those who do.
func TestAudienceLines(t *testing.T) {
	s := inSession(t)
	pages := map[string][]string{
		"ada":    {"/talks/lake/meeting", "/talks/lake/delegations", "/talks/lake/publish", "/talks/lake/background", "/talks/lake/modalities", "/talks/lake/rooms", "/talks/lake/rooms/mediation", "/talks/lake/rooms/shuttle/kenya"},
		"njeri":  {"/talks/lake/meeting", "/talks/lake/delegations", "/talks/lake/publish", "/talks/lake/rooms/notes/uganda", "/talks/lake/rooms/delegation", "/talks/lake/rooms/shuttle"},
		"otieno": {"/talks/lake/modalities", "/talks/lake/background"},
	}
	for who, list := range pages {
		for _, path := range list {
			p := s.page(who, path)
			for _, f := range p.all("form") {
				action, _ := attr(f, "action")
				if action == "/sign-out" {
					continue
				}
				in := &page{t, f, words(f)}
				if len(in.all(".audience")) != 1 || !in.has("[name=request]") {
					t.Errorf("%s, %s: the form for %q has no audience line or no request id", who, path, action)
				}
				if got := in.one(".audience"); !strings.HasPrefix(got, "Seen by: ") || !strings.Contains(got, "· now · under ") {
					t.Errorf("%s, %s: %s", who, path, got)
				}
			}
		}
	}
	line := func(who, path, act string) string {
		for _, f := range s.page(who, path).all("form") {
			in := &page{t, f, ""}
			if action, _ := attr(f, "action"); strings.HasSuffix(action, "/"+act) || len(in.all(`button[formaction=/talks/lake/acts/`+act+`]`)) > 0 {
				return in.one(".audience")
			}
		}
		t.Fatalf("%s has no form for %s on %s", who, act, path)
		return ""
	}
	// Njeri speaks under Kenya; Ada, who mediates and chairs, as chair. A note is
	// for two; an announcement for everybody.
	for _, c := range []struct{ who, path, act, want string }{
		{"njeri", "/talks/lake/meeting", "speak", "Seen by: everyone seated (The Lake Commission, Kenya, Uganda), the parties’ capitals, and Olga Ob · now · under Kenya"},
		{"ada", "/talks/lake/meeting", "suspend-meeting", "Seen by: everyone seated (The Lake Commission, Kenya, Uganda), the parties’ capitals, and Olga Ob · now · under The Lake Commission, chair"},
		{"njeri", "/talks/lake/rooms/notes/uganda", "pass-note", "Seen by: the delegations and capitals of Kenya, Uganda · now · under Kenya"},
		{"njeri", "/talks/lake/rooms/delegation", "seat-capital", "Seen by: the delegation of Kenya and its capital · now · under Kenya"},
		{"njeri", "/talks/lake/publish", "publish", "Seen by: everyone seated (The Lake Commission, Kenya, Uganda), the parties’ capitals, and Olga Ob; and everybody: this is public · now · under Kenya"},
	} {
		if got := line(c.who, c.path, c.act); got != c.want {
			t.Errorf("%s, %s:\n got %s\nwant %s", c.who, c.act, got, c.want)
		}
	}
	// Whoever the line does not name does not read it, and whoever it names does.
	s.do("njeri", `pass-note to=uganda text="MARK-NOTE"`)
	s.do("otieno", `speak text="MARK-SAID" kept=exact`)
	for who, reads := range map[string][2]bool{"ada": {false, true}, "njeri": {true, true}, "nairobi": {true, true}, "otieno": {true, true}, "olga": {false, true}, "hosni": {false, false}, "": {false, false}} {
		note := strings.Contains(s.everything(who), "MARK-NOTE")
		said := strings.Contains(s.everything(who), "MARK-SAID")
		if note != reads[0] || said != reads[1] {
			t.Errorf("%q reads the note: %v, the statement: %v; want %v", who, note, said, reads)
		}
	}
}

// everything is all that somebody can fetch.
func (s *stage) everything(who string) string {
	var b strings.Builder
	for _, path := range paths() {
		a := s.get(who, path)
		b.WriteString(a.Body)
	}
	return b.String()
}

// paths are the addresses of the talks, some of which are there for each reader.
func paths() (list []string) {
	list = []string{"/", "/rules", "/sign-in", "/devices"}
	for _, p := range []string{"", "/board", "/calendar", "/calendar.ics", "/briefing", "/seating", "/convene", "/meeting", "/meeting?view=projector", "/delegations", "/modalities", "/background", "/publish", "/further", "/press", "/rooms", "/rooms/delegation",
		"/rooms/notes/uganda", "/rooms/notes/kenya", "/rooms/shuttle", "/rooms/shuttle/kenya", "/rooms/shuttle/uganda", "/rooms/mediation", "/records/joint", "/records/public", "/export"} {
		list = append(list, "/talks/lake"+p)
	}
	for _, n := range []string{"1", "2", "3", "12", "20", "99", "x", "01", "-1"} {
		list = append(list, "/talks/lake/records/joint/"+n, "/talks/lake/records/public/"+n, "/talks/lake/records/joint/"+n+"/receipt")
	}
	return list
}

// TestNothingHere: what is not there, and what is not for the visitor, answer
// with the same status, headers and bytes.
func TestNothingHere(t *testing.T) {
	s := inSession(t)
	s.do("njeri", `pass-note to=uganda text="Psst."`)
	sameFor := func(who string, paths ...string) {
		t.Helper()
		nothing := s.get(who, "/talks/sea/meeting")
		if nothing.Status != http.StatusNotFound {
			t.Fatalf("talks that do not exist: %d", nothing.Status)
		}
		for _, path := range paths {
			if a := s.get(who, path); a.Status != nothing.Status || a.Body != nothing.Body || !sameHeaders(a.Header, nothing.Header) {
				t.Errorf("%s is told that there is something at %s: %d\n%s", or(who, "an outsider"), path, a.Status, a.Body)
			}
		}
	}
	table := []string{"/talks/lake/meeting", "/talks/lake/delegations", "/talks/lake/records/joint", "/talks/lake/records/joint/1", "/talks/lake/records/joint/1/receipt",
		"/talks/lake/rooms", "/talks/lake/rooms/delegation", "/talks/lake/rooms/notes/uganda", "/talks/lake/publish", "/talks/lake/stream/meeting", "/talks/lake/nowhere", "/talks/lake/convene",
		"/talks/lake/records/room-00000000000000000000000000000000", "/nowhere", "/in", "/assets/nothing.css", "/talks/LAKE/meeting"}
	for _, who := range []string{"", "mallory", "hosni"} {
		sameFor(who, table...)
	}
	sameFor("olga", "/talks/lake/rooms", "/talks/lake/rooms/notes/uganda", "/talks/lake/records/joint/9999", "/talks/lake/records/joint/x", "/talks/lake/records/joint/01")
	sameFor("ada", "/talks/lake/rooms/notes/uganda", "/talks/lake/rooms/delegation", "/talks/lake/stream/rooms/notes/uganda", "/talks/lake/rooms/contact-group/fish")
	sameFor("otieno", "/talks/lake/rooms/notes/uganda", "/talks/lake/rooms/notes/mars", "/talks/lake/rooms/mediation", "/talks/lake/rooms/shuttle/kenya")
	for _, who := range []string{"", "mallory"} {
		nothing := s.post(who, "/talks/sea/acts/speak", values("text=Yes"))
		for _, path := range []string{"/talks/lake/acts/speak", "/talks/lake/acts/no-such-act", "/talks/lake/acts/convene"} {
			if a := s.post(who, path, values("text=Yes")); a.Body != nothing.Body || a.Status != nothing.Status {
				t.Errorf("%q posts to %s: %d", who, path, a.Status)
			}
		}
	}
	// The host sees the public page and that they are host.
	s.page("hosni", "/talks/lake/press").says("Hosni Ho: you receive these talks as host", "Kenya and Uganda talk.")
	s.page("hosni", "/").says("you receive these talks as host")
}

func sameHeaders(a, b http.Header) bool {
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if !slices.Equal(a[k], b[k]) {
			return false
		}
	}
	return true
}

// TestRecord: the record as one reads it; what is not the reader's is a broken
// line with a number and a hash, and each entry opens to its proof.
func TestRecord(t *testing.T) {
	s := inSession(t)
	s.enrol("late", "Lata La", "")
	s.do("ada", `admit-observer person=late name="Lata La" as=observer`)
	p := s.page("late", "/talks/lake/records/joint")
	withheld := p.all(".withheld")
	if len(withheld) < 10 {
		t.Fatalf("%d entries are withheld from a late observer", len(withheld))
	}
	first := p.all("#e1")[0]
	if (&page{t, first, ""}).has("time") || !strings.HasPrefix(words(first), "Not for you. ") {
		t.Errorf("a withheld entry says %q", words(first))
	}
	p.silent("The lake has no owner.")
	q := s.page("njeri", "/talks/lake/records/joint")
	q.says("The lake has no owner.", "What withheld means")
	n := ""
	for _, li := range q.all(".entries li") {
		if strings.Contains(words(li), "no owner") {
			id, _ := attr(li, "id")
			n = strings.TrimPrefix(id, "e")
		}
	}
	proof := s.page("njeri", "/talks/lake/records/joint/"+n)
	proof.says("Proof of entry "+n, "The path leads to the signed root.", "statement-made", "the parties and their capitals, the mediation, the chair, Olga Ob")
	receipt := s.get("njeri", "/talks/lake/records/joint/"+n+"/receipt")
	if receipt.Status != 200 || !strings.HasPrefix(receipt.Body, "c2sp.org/tlog-proof@v1\n") || !strings.Contains(receipt.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%d %s", receipt.Status, receipt.Body)
	}
	if a := s.get("njeri", "/talks/lake/export"); a.Status != 200 || len(a.Body) < 5000 {
		t.Errorf("the extract: %d, %d bytes", a.Status, len(a.Body))
	}
	s.page("", "/talks/lake/records/public").says("Public record", "Talks on the lake")
	anchors := s.get("njeri", "/talks/lake/records/joint/14")
	if strings.Contains(q.text, "anchors-entered") || anchors.Status == 200 && strings.Contains(anchors.Body, "anchors-entered") {
		t.Error("anchors show on a page")
	}
}

// TestPress: the public page says what was published, and nothing else.
func TestPress(t *testing.T) {
	s := inSession(t)
	s.do("njeri", `publish words="Kenya came to talk."`)
	s.do("otieno", `issue-holding-line text="No comment." until=2030-01-02T23:00:00+03:00`)
	p := s.page("", "/talks/lake/press")
	p.says("Talks on the lake", "Kenya and Uganda talk.", "Kenya came to talk.", "No comment.", "Uganda · Holds until 2 January 2030, 23:00 (Africa/Nairobi)")
	p.silent("Njeri", "Otieno", "The lake has no owner", "Ada", "treaty")
	if a, b := s.get("", "/talks/lake/press"), s.get("njeri", "/talks/lake/press"); a.Body != b.Body {
		t.Error("the public page differs for those seated")
	}
	s.page("", "/").says("Talks on the lake")
	s.page("otieno", "/talks/lake/publish").says("Withdraw the holding line", "Kenya came to talk.")
}

// TestLive: what is entered comes to whoever it is for, once, with the state
// that follows; who comes back gets what they missed.
func TestLive(t *testing.T) {
	s := inSession(t)
	size := s.size()
	olga, _ := s.live("olga", "/talks/lake/stream/meeting?after="+size, "")
	notes, _ := s.live("njeri", "/talks/lake/stream/rooms/notes/uganda?after=0", "")
	press, _ := s.live("", "/talks/lake/stream/press?after=1", "")
	s.do("otieno", `speak text="Two lines\nof words." kept=exact`)
	e := next(t, olga, "entry")
	if !strings.Contains(e, "Two lines\ndata: of words.") || !strings.Contains(e, "id: ") {
		t.Error(e)
	}
	if e := next(t, olga, "piece"); !strings.Contains(e, `id="instruments"`) || !strings.Contains(e, "nobody") {
		t.Error(e)
	}
	s.do("otieno", `pass-note to=kenya text="A word?"`)
	if e := next(t, notes, "entry"); !strings.Contains(e, "A word?") {
		t.Error(e)
	}
	s.do("njeri", `publish words="Good progress."`)
	if e := next(t, press, "piece"); !strings.Contains(e, "Good progress.") {
		t.Error(e)
	}
	back, _ := s.live("olga", "/talks/lake/stream/meeting?after=1", size)
	if e := next(t, back, "entry"); !strings.Contains(e, "Two lines") {
		t.Errorf("Olga comes back and gets %s", e)
	}
}

// TestStreamEndsWithLogin: whoever signs out, or takes a device away, ends what
// it listens to.
func TestStreamEndsWithLogin(t *testing.T) {
	s := inSession(t)
	events, _ := s.live("njeri", "/talks/lake/stream/meeting?after=0", "")
	next(t, events, "entry")
	s.post("njeri", "/sign-out", nil)
	deadline := time.After(10 * time.Second)
	for {
		select {
		case _, ok := <-events:
			if !ok {
				return
			}
		case <-deadline:
			t.Fatal("the stream has not ended")
		}
	}
}
