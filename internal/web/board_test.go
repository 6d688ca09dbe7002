package web_test

import (
	"strings"
	"testing"
	"time"
)

// burdened is a stage on which much is open: before the first meeting, with a
// request, a disclosure, modalities, a deadline, a release, a sealed question.
func burdened(t testing.TB) *stage {
	s := seated(t)
	s.do("ada", `link-earlier as=round title="The Jinja round" direct=yes source="the archive" when=2027-03-01T09:00:00+03:00 until=2027-03-03T18:00:00+03:00`)
	s.do("ada", `disclose text="The Commission is paid by both shores."`)
	s.do("njeri", `acknowledge-disclosure`)
	s.do("njeri", `propose-modality heading=venue text="The old pier, by turns with Jinja."`)
	s.do("otieno", `agree-modality heading=venue`)
	s.do("otieno", `propose-modality heading=languages text="English, with Swahili at need."`)
	s.do("ada", `request-observer name="The fishers’ union" as=observer`)
	s.do("otieno", `object entry=`+s.size()+` grounds="They struck last year."`)
	s.do("ada", `note-deadline what="The dam opens its gates" due=2030-01-05T06:00:00+03:00 source="the operator"`)
	s.do("ada", `note-deadline what="A boycott is threatened" pressure=yes source="two papers"`)
	s.do("ada", `log-contact with="The union" means=telephone summary="They will wait until Friday."`)
	s.do("njeri", `say-in-room in=shuttle text="We could live with eight weeks."`)
	s.do("njeri", `release in=shuttle entry=2 words="eight weeks" to=shuttle:uganda as=as-question`)
	s.do("nairobi", `instruct on="the season" text="Not less than six weeks." red-line=yes`)
	s.do("ada", `ask-sealed name=season question="How long a closed season could you accept?" parties=kenya,uganda opens=2030-01-04T12:00:00+03:00`)
	s.do("ada", `record-outside as=statement who="A senior official" text="Says that the other side stalls." source="a wire service" reliability=alleged when=2030-01-01T20:00:00+03:00`)
	s.do("ada", `record-side-meeting title="Dinner of four" participants="Kenya, Uganda, two donors" topics="the season" beyond="the border" source="the protocol" reliability=reported when=2029-12-31T19:00:00+03:00`)
	return s
}

// TestBoard: each has their own; it says what is open, who owes it and what is
// due, first what waits for the reader.
func TestBoard(t *testing.T) {
	s := burdened(t)
	if a := s.get("ada", "/talks/lake"); a.Header.Get("Location") != "/talks/lake/board" {
		t.Errorf("the talks begin at %q", a.Header.Get("Location"))
	}
	ada := s.page("ada", "/talks/lake/board")
	ada.says("Wednesday, 2 January 2030", "No meeting is in session.", "The mediation’s own page",
		"Rule on the request of The fishers’ union to attend as observer", "Uganda objects, in confidence: They struck last year.",
		"May be carried across", "eight weeks", "KKenya → Uganda", "as a question, on nobody’s behalf",
		"The dam opens its gates", "5 Jan, 06:00", "Pressure from outside, according to two papers",
		"Sealed question “season”, not open yet", "opens 4 Jan, 12:00",
		"Take note of what the mediation says of its own interests", "Answer UUganda on languages",
		"Missing: purpose, participants and level, format and facilitation, time and timetable, agenda, decision rule, record and press",
		"Proposed, not agreed by all: languages", "One of nine headings is agreed by all.",
		"1036 days", "Before these talks: The Jinja round, 3 March 2027, according to the archive.",
		"A senior official", "Alleged by somebody unnamed · statement, 1 Jan, 20:00, according to a wire service")
	if got := words(ada.all(".figures div")[2]); got != "Due next 4 Jan, 12:00 Sealed answers to “season” are opened" {
		t.Errorf("due next: %s", got)
	}
	if got := words(ada.all(".sect h2")[0]); got != "Waits for you 1" {
		t.Errorf("the first thing Ada reads is %q", got)
	}

	njeri := s.page("njeri", "/talks/lake/board")
	njeri.says("Kenya’s own page", "Answer the sealed question “season”", "How long a closed season could you accept?", "Red line on the season", "Not less than six weeks.",
		"Released, not carried yet", "KKenya → Uganda", "Answer UUganda on languages", "Waits for you")
	njeri.silent("They struck last year", "dam opens", "boycott", "until Friday")
	capital := s.page("nairobi", "/talks/lake/board")
	capital.says("Waits for your delegation", "Answer the sealed question “season”", "Red line on the season")
	link := s.page("otieno", "/talks/lake/board").all(`a[href=/talks/lake/rooms#do-instruct]`)
	if len(link) != 1 || !s.page("otieno", "/talks/lake/rooms").has("#do-instruct") {
		t.Errorf("%d links lead to where Otieno gives an instruction", len(link))
	}
	otieno := s.page("otieno", "/talks/lake/board")
	otieno.says("Take note of what the mediation says", "Answer the sealed question “season”")
	otieno.silent("eight weeks", "six weeks", "dam opens", "boycott", "until Friday")
	otieno.says("Uganda objects, in confidence: They struck last year.") // its own words, in its own shuttle
	for _, who := range []string{"", "hosni", "mallory"} {
		if a := s.get(who, "/talks/lake/board"); a.Status != 404 {
			t.Errorf("%q gets a board: %d", who, a.Status)
		}
	}
	s.do("otieno", `answer-sealed name=season text="Ten weeks."`)
	if q := s.page("otieno", "/talks/lake/board"); strings.Contains(q.text, "Answer the sealed question") {
		t.Error("what is answered still waits")
	}
}

// TestBoardOfObserver: whoever was admitted later finds nothing on board,
// calendar and briefing of the matters that were entered before.
func TestBoardOfObserver(t *testing.T) {
	s := burdened(t)
	s.Clock = s.Clock.Add(time.Minute)
	s.enrol("late", "Lata La", "")
	s.do("ada", `admit-observer person=late name="Lata La" as=observer`)
	s.do("ada", `record-outside as=event who="A storm" text="Boats are lost." source="the harbour" reliability=confirmed`)
	for _, path := range []string{"/board", "/calendar", "/calendar.ics", "/briefing"} {
		a := s.get("late", "/talks/lake"+path)
		for _, before := range []string{"Jinja", "fishers", "senior official", "Dinner", "paid by both", "old pier", "1036"} {
			if strings.Contains(a.Body, before) {
				t.Errorf("%s tells Lata of %q", path, before)
			}
		}
		if !strings.Contains(a.Body, "A storm") {
			t.Errorf("%s does not tell Lata of the storm:\n%s", path, a.Body)
		}
		if old := s.get("olga", "/talks/lake"+path); !strings.Contains(old.Body, "A senior official") || strings.Contains(old.Body, "dam opens") {
			t.Errorf("%s of Olga, who was there before", path)
		}
	}
}

// TestBoardInSession: clock, floor and a point of order stand on the board, and
// come live; what happens in rooms the reader is not in rings no bell.
func TestBoardInSession(t *testing.T) {
	s := inSession(t)
	p := s.page("ada", "/talks/lake/board")
	p.says("First meeting is in session.", "Uganda has the floor; nobody waits.", "Now, at the table")
	stream, _ := attr(p.all("main")[0], "data-stream")
	events, _ := s.live("ada", stream, "")
	olga, _ := s.live("olga", strings.Replace(stream, "after=", "after=0&x=", 1), "")
	next(t, olga, "piece")
	s.do("wanjiku", `raise-point-of-order point="The map shows a border."`)
	if e := next(t, events, "piece"); !strings.Contains(e, `id="board"`) || !strings.Contains(e, "Rule on the point of order of") || !strings.Contains(e, "Waits for you") {
		t.Error(e)
	}
	next(t, olga, "piece")
	s.do("otieno", `say-in-room in=shuttle text="Between us."`)
	next(t, events, "piece") // Ada is in that room
	select {
	case e := <-olga:
		t.Errorf("Olga hears that something happened in a room: %s", e)
	case <-time.After(200 * time.Millisecond):
	}
	s.page("njeri", "/talks/lake/board").says("Rule on the point of order of KKenya", "before all else")
}

// TestBoardOfTexts: what is open in texts, and who has to answer on them.
func TestBoardOfTexts(t *testing.T) {
	s := inSession(t)
	s.do("ada", `form-room as=contact-group name=fish title="On fish" parties=kenya,uganda`)
	s.do("ada", `table-text-in-room in=contact-group:fish text=season standing=chair-text words="# The season\n\n1. The season lasts [six][ten] weeks.\n\n2. [Nets are counted.]"`)
	for who, sees := range map[string]bool{"ada": true, "njeri": true, "otieno": true, "olga": false} {
		if got := strings.Contains(s.page(who, "/talks/lake/board").text, "The season"); got != sees {
			t.Errorf("%s sees the group's text: %v", who, got)
		}
	}
	s.page("njeri", "/talks/lake/board").says("Brackets left", "2 brackets", "On fish")
}

// TestBriefing: what to know before going in, by role.
func TestBriefing(t *testing.T) {
	s := burdened(t)
	ada := s.page("ada", "/talks/lake/briefing")
	ada.says("Prepared on 2 January 2030, 13:00 (Africa/Nairobi) for Ada Lovelace.", "Njeri Wa", "Minister of Water", "Powers: not on the record", "The dam opens its gates",
		"The union", "They will wait until Friday.", "Dinner of four", "Reported · side meeting, 31 Dec 2029, 19:00, according to the protocol", "Outside the mandate of these talks: the border",
		"Agenda missing", "Proposed: English, with Swahili at need.", "1036 days")
	njeri := s.page("njeri", "/talks/lake/briefing")
	njeri.says("Red line on the season", "Dinner of four")
	njeri.silent("until Friday", "dam opens", "They struck")
	if ada.has("#main form") {
		t.Error("a briefing has a form")
	}
}

// TestSeating: two delegations face each other, heads opposite, the second at
// the head's right hand.
func TestSeating(t *testing.T) {
	s := seated(t)
	for _, name := range []string{"Second Ke", "Third Ke"} {
		who, _, _ := strings.Cut(strings.ToLower(name), " ")
		s.enrol(who, name, "")
		s.do("njeri", `accredit party=kenya person=`+who+` name=`+quote(name)+` as=delegate`)
	}
	s.enrol("apio", "Apio Ad", "")
	s.do("otieno", `accredit party=uganda person=apio name="Apio Ad" as=delegate`)
	s.enrol("adviser", "Wise One", "")
	s.do("otieno", `accredit party=uganda person=adviser name="Wise One" as=adviser`)
	s.do("ada", `arrange-venue place="The old pier" seating="The delegations face each other"`)
	p := s.page("olga", "/talks/lake/seating")
	p.says("The old pier", "The delegations face each other", "Behind them", "Wise One", "Olga Ob")
	var rows []string
	for _, tr := range p.all(".facing tbody tr") {
		rows = append(rows, words(tr))
	}
	// Kenya on the left: third at the left hand, towards the chair; Uganda on the
	// right: second at the right hand, towards the chair.
	want := []string{"Second Ke Apio Ad", "head of delegation Njeri Wa Minister of Water head of delegation Otieno Ok", "Wanjiku Ka", "Third Ke"}
	for i := range rows {
		rows[i] = strings.ReplaceAll(rows[i], "Head", "head")
	}
	if strings.Join(rows, "|") != strings.Join(want, "|") {
		t.Errorf("the table is laid\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
}
