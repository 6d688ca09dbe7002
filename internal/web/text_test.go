package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"parley/internal/ruling"
	"parley/internal/script"
	"parley/internal/secretariat"
	"parley/internal/talks"
	"parley/internal/text"
)

const treaty = "/talks/lake/text/treaty"

// TestTextPage: the text reads as it was tabled: brackets as brackets, options
// with their letters, who wants what in the margin, reserves under it.
func TestTextPage(t *testing.T) {
	s := drafted(t)
	p := s.page("njeri", treaty)
	p.says("9 brackets, 21 options, 2 reserves. Something is open in 6 of 10 clauses.", "Chair's text. Pen held by The Lake Commission, chair.",
		"*Kenya: general reserve on 2.1, until the drought rule is settled.", "†Uganda: scrutiny reserve on 3.1.")
	if n := len(p.all("a.bno")); n != 9 {
		t.Errorf("%d brackets lead to their panel", n)
	}
	if got := p.one("#clause-c5 p"); got != "The Parties shall keep the surface of the Lake no lower than [2a211.40][b211.48][c211.55] metres above datum [3, except in a declared drought].*" {
		t.Errorf("2.1 reads %q", got)
	}
	if got := p.one("#clause-c5 .side"); got != "2 a UUganda b TThe Lake Commission c KKenya 3 for UUganda against KKenya" {
		t.Errorf("beside 2.1 stands %q", got)
	}
	if n := len(p.all("#clause-c8 .alt .alt")); n != 2 {
		t.Errorf("%d brackets stand in brackets in 3.1", n)
	}
	if p.has("#panel") {
		t.Error("something is opened that nobody has opened")
	}
	for _, path := range []string{"/talks/lake/text", "/talks/lake/table"} {
		if a := s.get("njeri", path); a.Status != http.StatusSeeOther {
			t.Errorf("with one text, %s does not lead to it: %d", path, a.Status)
		}
	}
}

// TestBracketPanel: a bracket opens in its place, without script; each seat
// finds what it may do, under a line that says who will read it, and nothing else.
func TestBracketPanel(t *testing.T) {
	s := drafted(t)
	p := s.page("njeri", treaty+"?bracket=b5")
	if got := p.one("#panel h2"); got != "Bracket 5 in 3.1, 3 options" {
		t.Errorf("the panel is headed %q", got)
	}
	rows := p.all("#panel tbody tr")
	if len(rows) != 3 || words(rows[1]) != "b The Parties shall divide the yearly yield equally. UUganda nobody KKenya nobody" {
		t.Errorf("option b: %q", words(rows[1]))
	}
	buttons := func(who string) (list []string) {
		for _, b := range s.page(who, treaty+"?bracket=b5").all("#panel .stances button") {
			list = append(list, words(b))
		}
		return list
	}
	if got := strings.Join(buttons("njeri"), "; "); got != "Withdraw a; Propose to settle on a; Support b; Take back our word on b; Propose to settle on b; Support c; Oppose c; Propose to settle on c" {
		t.Errorf("Njeri finds: %s", got)
	}
	if got := strings.Join(buttons("ada"), "; "); got != "Propose to settle on a; Propose to settle on b; Propose to settle on c" {
		t.Errorf("Ada finds: %s", got)
	}
	for _, who := range []string{"olga", "nairobi"} {
		reads := s.page(who, treaty+"?bracket=b5")
		reads.says("You read this text.")
		if reads.has("#panel form") || reads.has("#text-tools form") {
			t.Errorf("%s finds forms", who)
		}
	}
	for _, f := range p.all("#panel form") {
		in := &page{t, f, ""}
		if len(in.all(".audience")) != 1 || len(in.all("input[name=request]")) != 1 || len(in.all("input[name=text]")) != 1 {
			t.Errorf("a form says not who reads it, or which text it is about: %s", words(f))
		}
	}
	p.says("Seen by: everyone seated (The Lake Commission, Kenya, Uganda)", "under Kenya")
}

// TestTextActs: acts lead back to where they were done; a refusal cites its
// rule and keeps the words.
func TestTextActs(t *testing.T) {
	s := drafted(t)
	a := s.post("njeri", "/talks/lake/acts/offer-option", values(`text=treaty bracket=b4 words="three working"`))
	if a.Status != http.StatusSeeOther || a.Header.Get("Location") != treaty+"?bracket=b4#panel" {
		t.Fatalf("%d to %s\n%s", a.Status, a.Header.Get("Location"), a.Body)
	}
	s.page("otieno", treaty+"?bracket=b4").says("c three working KKenya")
	a = s.post("otieno", "/talks/lake/acts/offer-option", values(`text=treaty bracket=b4 words="three working"`))
	no := read(t, a.Body)
	if a.Status == http.StatusSeeOther {
		t.Fatal("the same words are offered twice")
	}
	no.says("Rule 76", "These words stand in bracket b4 as option c. Support that.", "three working")
	if got := no.value("offer-option", "bracket"); got != "b4" {
		t.Errorf("the form has lost its bracket: %q", got)
	}
	s.do("ada", `show-sides text=treaty off=yes`)
	p := s.page("njeri", treaty+"?bracket=b4")
	p.says("Shown without names, by decision of the chair.", "Clean for Kenya")
	p.silent("Clean for Uganda", "KKenya UUganda TThe", "Kenya: general reserve")
	if p.has("#treaty .side .mark") || p.has("#panel table .mark") {
		t.Error("names show although the chair has decided that they do not")
	}
	if x := s.page("njeri", "/talks/lake/table/treaty"); strings.Contains(x.one("thead"), "Uganda") {
		t.Error("the table shows what the text does not")
	}
	s.page("njeri", treaty+"?as=uganda").says("There is no such reading.")
}

// TestTextReadings: the same text read clean, as the mediator would have it,
// against what was issued, by its history and by a search.
func TestTextReadings(t *testing.T) {
	s := negotiated(t)
	p := s.page("njeri", treaty+"?as=uganda")
	p.says("no lower than 211.40 metres above datum, except in a declared drought.", "Nobody has agreed to it.")
	if p.has("#treaty .br") && len(p.all("#treaty .br")) > 3 { // those of 4.1 stand by agreement
		t.Error("a clean reading has brackets")
	}
	s.page("njeri", treaty+"?as=mediation").says("no lower than 211.48 metres", "Nothing is proposed for bracket 4")
	p = s.page("njeri", treaty+"?against=0")
	if got := p.one("#clause-c6 ins"); got != "[three working]" {
		t.Errorf("what is new in 2.2: %q", got)
	}
	s.page("njeri", treaty+"?history=c6").says("Otieno Ok", "Uganda offers option c in 2.2: “three working”", "Kenya supports option c in 2.2.")
	p = s.page("njeri", treaty+"?q=DROUGHT")
	p.says("Found in one place", "2.1, bracket 3, option a")
	if got := p.one("mark"); got != "drought" {
		t.Errorf("found: %q", got)
	}
	s.page("njeri", treaty+"?view=figures").says("fewer is not nearer", "Brackets: 9 when the text was tabled")
	p = s.page("njeri", treaty+"?view=projector&clause=c8")
	p.says("Article 3 Abstraction", "Each Party may take up to")
	table := s.page("njeri", "/talks/lake/table/treaty?all=yes")
	table.says("2.2 Bracket 4", "three working", "no proposal", "none yet", "Compromise", "Near", "Apart", "Agreed ad referendum")
	if n := len(table.all("td[data-h]")); n == 0 {
		t.Error("the cells carry no heads for phones")
	}
}

// TestTextOfARoom: a text that a delegation drafts is on paper of another kind,
// and nobody else's.
func TestTextOfARoom(t *testing.T) {
	s := negotiated(t)
	path := "/talks/lake/drafts/delegation/position"
	p := s.page("njeri", path+"?bracket=b1")
	if !p.has("body.in-shuttle") {
		t.Error("the room does not look like one")
	}
	p.says("Where we stand", "Seen by: the delegation of Kenya and its capital · now · under Kenya")
	a := s.post("wanjiku", "/talks/lake/acts/offer-option-in-room", values(`in=delegation text=position bracket=b1 words="thirty"`))
	if a.Status != http.StatusSeeOther || a.Header.Get("Location") != path+"?bracket=b1#panel" {
		t.Fatalf("%d to %s\n%s", a.Status, a.Header.Get("Location"), a.Body)
	}
	s.page("nairobi", path).says("thirty")
	s.page("njeri", path+"/table").says("Table: Where we stand")
	s.page("njeri", "/talks/lake/rooms/delegation").says("Texts drafted in this room", "Where we stand")
	for _, who := range []string{"otieno", "ada", "olga", "mallory", ""} {
		nothing := s.get(who, "/talks/sea/text/treaty")
		if a := s.get(who, path); a.Status != nothing.Status || a.Body != nothing.Body {
			t.Errorf("%q can tell that there is a text in Kenya's room", who)
		}
	}
}

// TestTextNotAtTheTable: whoever is not at the table is told what they are told of talks
// that do not exist; whoever is, the same of texts that do not.
func TestTextNotAtTheTable(t *testing.T) {
	s := negotiated(t)
	paths := []string{"/talks/lake/text", treaty, treaty + "?bracket=b5", treaty + "?view=projector", "/talks/lake/table/treaty", "/talks/lake/table", "/talks/lake/stream/text/treaty", "/talks/lake/drafts/delegation/position", "/talks/lake/stream/drafts/delegation/position"}
	for _, who := range []string{"", "mallory", "hosni"} {
		nothing := s.get(who, "/talks/sea/meeting")
		for _, path := range paths {
			if a := s.get(who, path); a.Status != nothing.Status || a.Body != nothing.Body || !sameHeaders(a.Header, nothing.Header) {
				t.Errorf("%q is told that there is something at %s: %d", who, path, a.Status)
			}
		}
	}
	nothing := s.get("njeri", "/talks/sea/meeting")
	if a := s.get("njeri", "/talks/lake/text/other"); a.Body != nothing.Body {
		t.Error("a text that is not there looks like something")
	}
}

// TestNoActDeletesAnOption: Otieno, hostile, tries every act there is with his
// seat, in every form that could touch Kenya's option, by the page and with
// every field he can think of. Each time he is refused under a rule, or the
// option still stands as Kenya's.
func TestNoActDeletesAnOption(t *testing.T) {
	hostile := map[string][]string{
		"table-text":          {`text=treaty standing=proposal words="1. Mine."`, `text=treaty standing=chair-text words="1. Mine."`},
		"revise":              {`text=treaty clause=c6 words="Either Party may ask for a reading within five days."`},
		"strike-clause":       {`text=treaty clause=c6`, `text=treaty clause=c4`},
		"withdraw-option":     {`text=treaty bracket=b4 option=a`, `text=treaty bracket=b4 option=z`},
		"merge-options":       {`text=treaty bracket=b4 option=b with=a`, `text=treaty bracket=b4 option=a with=b`},
		"agree-to-lift":       {`text=treaty bracket=b4`},
		"propose-lift":        {`text=treaty bracket=b4 option=b`, `text=treaty bracket=b4 both=yes`, `text=treaty bracket=b4 option=b both=yes`},
		"decline-lift":        {`text=treaty bracket=b4`},
		"bracket-words":       {`text=treaty clause=c6 words="Either Party may ask for a reading by both keepers within [two][five] days."`, `text=treaty clause=c6 bracket=b4 option=a words=two`},
		"offer-option":        {`text=treaty bracket=b4 none=yes`, `text=treaty bracket=b4 words="[KENYA: nothing]"`, `text=treaty bracket=b4 words="two"`},
		"support-option":      {`text=treaty bracket=b4 option=b`},
		"oppose-option":       {`text=treaty bracket=b4 option=a`},
		"reserve":             {`text=treaty clause=c6 kind=scrutiny`, `text=treaty clause=c6 bracket=b4 option=a kind=general`},
		"lift-reserve":        {`text=treaty reserve=r1`},
		"annotate":            {`text=treaty clause=c6 words="Gone."`},
		"renumber":            {`text=treaty clause=c6 number=9`, `text=treaty`},
		"add-clause":          {`text=treaty after=c6 kind=paragraph number=3 words="Paragraph 2 is void."`},
		"agree-ad-referendum": {`text=treaty clause=c6`},
		"confirm":             {`text=treaty clause=c6`},
		"disavow":             {`text=treaty clause=c6 reason="So."`},
		"reopen":              {`text=treaty clause=c6 reason="So."`},
		"mark-for-leaders":    {`text=treaty clause=c6`},
		"freeze":              {`text=treaty symbol=MINE/1`},
		"take-pen":            {`text=treaty`},
		"hand-pen":            {`text=treaty to=uganda`},
		"show-sides":          {`text=treaty off=yes`},
	}
	s := drafted(t)
	for _, a := range text.Acts() {
		name := talks.TextActName(a)
		lines := hostile[name]
		if len(lines) == 0 {
			t.Errorf("Otieno has not tried %s", name)
		}
		for _, line := range lines {
			act, err := secretariat.Acts.FromWords(name, script.Fields(line))
			if err == nil {
				_, err = s.Desk.Submit(context.Background(), "lake", s.caller("otieno"), secretariat.Submission{Act: act})
			}
			if err != nil {
				if no := ruling.Of(err); no.Kind == ruling.Fault || no.Rule < 70 || no.Rule > 99 {
					t.Errorf("%s %s is refused as %s without a rule on texts: %v", name, line, no.Kind, err)
				}
			}
			p := s.page("njeri", treaty+"?bracket=b4")
			if rows := p.all("#panel tbody tr"); len(rows) == 0 || !strings.HasPrefix(words(rows[0]), "a ") || !strings.Contains(words(rows[0]), "two") || !strings.Contains(words(rows[0]), "KKenya") {
				t.Fatalf("after %s %s Kenya's option no longer stands: %s", name, line, p.one("#panel"))
			}
		}
	}
	s.page("njeri", treaty).says("by both keepers within [4a")
}

// TestTextInert: whatever people write into a text is words.
func TestTextInert(t *testing.T) {
	s := seated(t)
	const bad = `<script>alert(1)</script><img src=x onerror=alert(2)>"'><svg onload=alert(3)>`
	s.do("ada", fielded("table-text", "text", "bad", "standing", "chair-text", "words", "# "+bad+"\n\nArticle 1. "+bad+"\n\n1. First [KENYA: two "+bad+"][UGANDA: "+bad+"] words[^1].\n\n2. Second words.\n\n[^1]: "+bad))
	s.do("njeri", fielded("offer-option", "text", "bad", "bracket", "b1", "words", "more "+bad))
	s.do("njeri", fielded("reserve", "text", "bad", "clause", "c3", "kind", "general", "until", bad))
	s.do("ada", fielded("annotate", "text", "bad", "clause", "c3", "words", bad))
	s.do("ada", `freeze text=bad symbol=BAD/1`)
	s.do("ada", fielded("revise", "text", "bad", "clause", "c3", "words", "Third "+bad))
	s.do("njeri", `lift-reserve text=bad reserve=r1`)
	s.do("njeri", `agree-ad-referendum text=bad clause=c3`)
	s.do("otieno", `agree-ad-referendum text=bad clause=c3`)
	s.do("njeri", fielded("reopen", "text", "bad", "clause", "c3", "reason", bad))
	q := "?q=" + "%3Cscript%3E"
	for _, path := range []string{"", "?bracket=b1", "?clause=c3", "?as=kenya", "?against=0", "?history=c3", "?history=" + q[3:], q, "?view=figures", "?view=projector&clause=c2", "?bracket=%22%3E%3Cscript%3E", "?clause=%22%3E%3Cscript%3E"} {
		for _, base := range []string{"/talks/lake/text/bad"} {
			p := s.page("ada", base+path)
			for _, tag := range []string{"main script", "main img", "main svg[onload]", ".projector script", ".projector img"} {
				if p.has(tag) {
					t.Errorf("%s: %s came alive", path, tag)
				}
			}
		}
	}
	if p := s.page("ada", "/talks/lake/table/bad?all=yes"); p.has("main script") || p.has("main img") {
		t.Error("something came alive in the table")
	}
}

// TestTextLive: whoever looks at the text gets the clause that changed, the
// panel that is open and the change in words; whoever looks at another reading
// is told to load it again.
func TestTextLive(t *testing.T) {
	s := drafted(t)
	s.do("ada", `open-meeting title="First meeting"`)
	after := "?after=" + s.size()
	text, _ := s.live("otieno", "/talks/lake/stream/text/treaty"+after+"&bracket=b4", "")
	table, _ := s.live("olga", "/talks/lake/stream/text/treaty"+after+"&whole=yes", "")
	s.do("njeri", `offer-option text=treaty bracket=b4 words="three working"`)
	for _, want := range []string{`id="text-head"`, `id="clause-c6"`, `id="panel"`, `id="reserves"`, `id="text-tools"`} {
		if e := next(t, text, "piece"); !strings.Contains(e, want) {
			t.Errorf("want %s, got %s", want, e)
		}
	}
	if e := next(t, text, "entry"); !strings.Contains(e, "three working") {
		t.Errorf("the change is told as %s", e)
	}
	next(t, table, "again")
	s.do("ada", `speak kept=summary text="Not about the text."`)
	s.do("njeri", `withdraw-option text=treaty bracket=b4 option=c`)
	next(t, text, "piece")
	s.do("ada", `propose-lift text=treaty bracket=b4 option=a`)
	s.do("njeri", `agree-to-lift text=treaty bracket=b4`)
	s.do("otieno", `agree-to-lift text=treaty bracket=b4`)
	for e := ""; !strings.Contains(e, `id="clause-c4"`); { // what is open stands beside the heading, too
		e = next(t, text, "piece")
	}
}
