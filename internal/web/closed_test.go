package web_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/access"
	"parley/internal/memory"
	"parley/internal/parleytest"
)

var pairs = flag.Int("pairs", 10, "how many pairs of worlds to compare over the pages")

// TestClosedThingsStayClosed: what the mediation keeps to itself, what a party
// says in confidence, and what a side says at home, each with a mark. Everybody
// fetches every page; nobody finds a mark that is not theirs.
func TestClosedThingsStayClosed(t *testing.T) {
	s := seated(t)
	s.do("ada", `announce title="Talks on the lake" text="Kenya and Uganda talk."`)
	s.do("ada", `request-observer name="The fishers’ union" as=observer`)
	s.do("otieno", `object entry=`+s.size()+` grounds="MARK-OBJECTION"`)
	s.do("ada", `note-deadline what="MARK-DEADLINE" due=2030-01-05T06:00:00+03:00 source="MARK-DEADLINE"`)
	s.do("ada", `note-deadline what="MARK-PRESSURE" pressure=yes source="MARK-PRESSURE"`)
	s.do("ada", `log-contact with="MARK-CONTACT" means="MARK-CONTACT" summary="MARK-CONTACT"`)
	s.do("ada", `say-in-room in=mediation text="MARK-AMONG"`)
	s.do("ada", `ask-sealed name=mark-sealed question="MARK-QUESTION" parties=uganda opens=2030-01-04T12:00:00+03:00`)
	s.do("otieno", `answer-sealed name=mark-sealed text="MARK-ANSWER"`)
	s.do("nairobi", `instruct on="MARK-ORDER" text="MARK-ORDER" red-line=yes`)
	s.do("njeri", `say-in-room in=shuttle text="MARK-SHUTTLE"`)
	s.do("njeri", `release in=shuttle entry=2 words="MARK-SHUTTLE" to=shuttle:uganda as=as-said`)
	s.do("njeri", `say-in-room in=delegation text="MARK-HOME"`)
	s.do("ada", `rule-on-request entry=`+s.number("request-observer")+` reason="Not at this table."`)
	s.do("ada", `open-meeting title="First meeting"`)
	mediation := "DEADLINE PRESSURE CONTACT AMONG"
	reads := map[string]string{
		"ada":    mediation + " OBJECTION QUESTION SHUTTLE",
		"njeri":  "SHUTTLE ORDER HOME",
		"otieno": "OBJECTION QUESTION ANSWER",
		"olga":   "", "hosni": "", "mallory": "", "": "",
	}
	reads["wanjiku"], reads["nairobi"] = reads["njeri"], reads["njeri"]
	for who, marks := range reads {
		all := s.everything(who)
		for _, stream := range []string{"board", "meeting", "press"} {
			if s.get(who, "/talks/lake/board").Status == 200 || stream == "press" {
				events, stop := s.live(who, "/talks/lake/stream/"+stream+"?after=0", "")
				all += next(t, events, "piece")
				stop()
			}
		}
		for _, mark := range strings.Fields("OBJECTION DEADLINE PRESSURE CONTACT AMONG QUESTION ANSWER ORDER SHUTTLE HOME") {
			if got, want := strings.Contains(all, "MARK-"+mark), slices.Contains(strings.Fields(marks), mark); got != want {
				t.Errorf("%q reads %s: %v, want %v", who, mark, got, want)
			}
		}
		if !strings.Contains(marks, "QUESTION") && strings.Contains(all, "mark-sealed") {
			t.Errorf("%q reads that there is a sealed question", who)
		}
	}
}

// number is that of the last entry of the joint record that an act has made.
func (s *stage) number(act string) string {
	if act != "request-observer" {
		s.t.Fatal(act)
	}
	for _, n := range s.page("ada", "/talks/lake/delegations").all(".register .no") {
		return words(n)
	}
	s.t.Fatal("nobody asks to attend")
	return ""
}

// TestMediationDoesNotShow: two worlds that differ only in what the mediation
// keeps to itself are the same, to the byte, for everybody else.
func TestMediationDoesNotShow(t *testing.T) {
	play := func(busy bool) *stage {
		s := padded(t)
		s.do("ada", `announce title="Talks on the lake" text="Kenya and Uganda talk."`)
		s.do("ada", `request-observer name="The fishers’ union" as=observer`)
		for i := range 6 {
			if busy {
				s.do("ada", fmt.Sprintf(`log-contact with="MARK %d" summary="MARK"`, i))
				s.do("ada", fmt.Sprintf(`note-deadline what="MARK %d" due=2030-01-%02dT06:00:00+03:00 pressure=yes`, i, i+3))
				s.do("ada", `say-in-room in=mediation text="MARK"`)
			}
			s.Clock = s.Clock.Add(time.Hour)
		}
		if busy {
			s.do("ada", `strike-deadline entry=3`)
		}
		s.do("ada", `open-meeting title="First meeting"`)
		return s
	}
	one, other := play(false), play(true)
	if one.get("ada", "/talks/lake/board").Body == other.get("ada", "/talks/lake/board").Body {
		t.Error("not even the mediation can tell the worlds apart: the comparison sees nothing")
	}
	for _, who := range []string{"", "hosni", "mallory", "olga", "njeri", "wanjiku", "nairobi", "otieno"} {
		same(t, one, other, who, "MARK")
	}
}

// padded is a seated stage whose anchors are all chance. Otherwise they are
// what they are meant to be, commitments that differ with what they commit to.
func padded(t *testing.T) *stage {
	s := seated(t)
	s.PadAnchors = true
	s.Desk = s.Another()
	s.Site = s.fresh()
	s.Server = httptest.NewServer(s.Site)
	t.Cleanup(s.Server.Close)
	return s
}

// same fails if somebody can tell two worlds apart by any page: status, headers
// or bytes, request ids aside, which chance makes.
func same(t *testing.T, one, other *stage, who, mark string) {
	t.Helper()
	for _, path := range paths() {
		if path == "/devices" {
			continue // lists tokens, which chance makes
		}
		a, b := one.get(who, path), other.get(who, path)
		x, y := requestID.ReplaceAllString(a.Body, ""), requestID.ReplaceAllString(b.Body, "")
		if a.Status != b.Status || x != y || !sameHeaders(a.Header, b.Header) {
			i := 0
			for i < min(len(x), len(y)) && x[i] == y[i] {
				i++
			}
			t.Errorf("%q can tell the worlds apart at %s: %d %d\n%.200s\n%.200s", who, path, a.Status, b.Status, x[max(0, i-60):], y[max(0, i-60):])
		}
		if strings.Contains(b.Body, mark) {
			t.Errorf("%q finds a mark at %s", who, path)
		}
	}
	if one.get(who, "/talks/lake/board").Status != 200 {
		return
	}
	hear := func(s *stage) string {
		events, stop := s.live(who, "/talks/lake/stream/board?after=0", "")
		defer stop()
		return next(t, events, "piece")
	}
	if a, b := hear(one), hear(other); a != b || strings.Contains(b, mark) {
		t.Errorf("%q can tell the worlds apart by the stream of the board", who)
	}
}

// TestWorldsOverPages: whatever one side does among itself, in random plays, no
// page of anybody else differs by a byte.
func TestWorldsOverPages(t *testing.T) {
	secrets, compared := 0, 0
	for n := range *pairs {
		w := parleytest.NewWorlds(t, uint64(100+n), 50)
		one, other := staged(t, w, w.One), staged(t, w, w.Other)
		secrets += w.Secrets
		for _, who := range w.Others {
			compared++
			same(t, one, other, who, parleytest.Mark)
		}
		if a, b := one.everything("njeri"), other.everything("njeri"); w.Secrets > 0 && requestID.ReplaceAllString(a, "") == requestID.ReplaceAllString(b, "") {
			t.Errorf("pair %d: not even the private side can tell the worlds apart", n)
		}
	}
	if secrets < 5**pairs {
		t.Errorf("only %d secrets in %d pairs", secrets, *pairs)
	}
	t.Logf("%d pairs, %d private acts, %d readers, %d pages each", *pairs, secrets, compared, len(paths()))
}

// staged opens the pages of one of two worlds to its cast.
func staged(t *testing.T, w *parleytest.Worlds, house *parleytest.House) *stage {
	s := &stage{House: house, t: t, people: map[string]access.PersonID{}, cookie: map[string]string{}}
	seed := &chance{src: rand.NewChaCha8([32]byte{7})}
	s.Door = &access.Door{Store: new(memory.Access), Now: func() time.Time { return s.Clock }, Rand: seed, LoginIdle: 12 * time.Hour}
	s.Site = s.fresh()
	s.Server = httptest.NewServer(s.Site)
	t.Cleanup(s.Server.Close)
	for _, who := range append(slices.Clone(w.Others), "njeri") {
		if who == "" || s.cookie[who] != "" {
			continue
		}
		s.must(s.Door.Store.Enrol(t.Context(), access.Person{ID: access.PersonID(who), Name: who}))
		link, _, err := s.Door.Invite(t.Context(), access.PersonID(who), "")
		s.must(err)
		login, _, err := s.Door.Redeem(t.Context(), link.Text(), "Test")
		s.must(err)
		s.cookie[who] = login.Text()
	}
	return s
}
