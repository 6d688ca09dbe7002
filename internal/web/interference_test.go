package web_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// requestID is what chance puts into forms.
var requestID = regexp.MustCompile(`value="[0-9a-f]{32}"`)

// A world is one of two that differ only in what was closed to the public. Both
// have the same clock, the same chance and the same public acts.
func world(t *testing.T, mark string, busy bool) *stage {
	s := seated(t)
	s.do("ada", `announce title="Talks on the lake" text="Kenya and Uganda talk."`)
	s.do("ada", `open-meeting title=`+quote("Meeting "+mark))
	s.do("njeri", `ask-for-floor`)
	s.do("ada", `give-floor`)
	s.do("njeri", `speak kept=exact text=`+quote("The lake has no owner. "+mark))
	s.do("ada", `set-part part=public`)
	s.do("ada", `speak kept=summary public=yes text="Thanked both sides."`)
	if busy {
		for i := range 5 {
			s.do("njeri", fmt.Sprintf(`pass-note to=uganda text="note %d %s"`, i, mark))
			s.do("njeri", fmt.Sprintf(`say-in-room in=delegation text="among us %d %s"`, i, mark))
			s.do("otieno", fmt.Sprintf(`say-in-room in=shuttle text="in confidence %d %s"`, i, mark))
		}
		s.enrol("entebbe", "Entebbe "+mark, "")
		s.do("otieno", `seat-capital person=entebbe name=`+quote("Entebbe "+mark))
		s.do("ada", `log-contact with="Somebody" summary=`+quote("call "+mark))
	}
	s.Clock = s.Clock.Add(time.Minute)
	s.do("otieno", `issue-holding-line text="No comment." until=2030-01-02T23:00:00+03:00`)
	return s
}

// TestNonInterference: two worlds that differ only in closed words, notes,
// rooms and capitals are the same, to the byte, for everybody who is not to
// know: pages, headers and streams.
func TestNonInterference(t *testing.T) {
	quiet, busy := world(t, "QUIETMARK", false), world(t, "BUSYMARK", true)
	for _, who := range []string{"", "hosni", "mallory"} {
		for _, path := range paths() {
			a, b := quiet.get(who, path), busy.get(who, path)
			// Hosni's and Mallory's own devices list tokens, which chance made.
			if path == "/devices" {
				continue
			}
			if a.Status != b.Status || a.Body != b.Body || !sameHeaders(a.Header, b.Header) {
				t.Errorf("%q can tell the worlds apart at %s: %d %d", who, path, a.Status, b.Status)
			}
			if strings.Contains(b.Body, "BUSYMARK") || strings.Contains(a.Body, "QUIETMARK") {
				t.Errorf("%q finds a mark at %s", who, path)
			}
		}
	}
	ears := func(s *stage) <-chan string {
		e, _ := s.live("", "/talks/lake/stream/press?after=0", "")
		return e
	}
	a, b := ears(quiet), ears(busy)
	if next(t, a, "piece") != next(t, b, "piece") {
		t.Error("the public stream differs")
	}
	busy.do("njeri", `pass-note to=uganda text="while they listen"`)
	busy.do("njeri", `arrive`)
	select {
	case e := <-b:
		t.Errorf("the public hears something when nothing was made public: %s", e)
	case <-time.After(200 * time.Millisecond):
	}
}

// TestRoomsDoNotShow: within the table, two worlds that differ only in what
// goes on in rooms look the same to whoever is not in them.
func TestRoomsDoNotShow(t *testing.T) {
	rooms := func(busy bool) *stage {
		s := inSession(t)
		if busy {
			s.do("njeri", `pass-note to=uganda text="MARK note"`)
			s.do("njeri", `say-in-room in=delegation text="MARK among us"`)
			s.do("otieno", `say-in-room in=shuttle text="MARK in confidence"`)
		}
		s.Clock = s.Clock.Add(time.Minute)
		s.do("ada", `set-part part=public`)
		return s
	}
	a, b := rooms(false), rooms(true)
	blind := func(x string) string { return requestID.ReplaceAllString(x, `value="…"`) }
	for _, who := range []string{"olga", "ada", "nairobi"} {
		for _, path := range paths() {
			if path == "/devices" || strings.HasSuffix(path, "/export") || who != "olga" && (strings.Contains(path, "/rooms/") || strings.HasSuffix(path, "/board")) {
				continue
			}
			x, y := a.get(who, path), b.get(who, path)
			if blind(x.Body) != blind(y.Body) || x.Status != y.Status {
				t.Errorf("%s can tell at %s that something went on in a room", who, path)
			}
			if strings.Contains(y.Body, "MARK") {
				t.Errorf("%s reads what was said in a room at %s", who, path)
			}
		}
	}
	// Each reads what is said in rooms of their own, and in no other.
	for who, reads := range map[string]string{"ada": "in confidence", "njeri": "note|among us", "nairobi": "note|among us", "otieno": "note|in confidence", "olga": "", "hosni": "", "": "", "mallory": ""} {
		all := b.everything(who)
		for _, words := range []string{"note", "among us", "in confidence"} {
			if got, want := strings.Contains(all, "MARK "+words), reads != "" && strings.Contains("|"+reads+"|", "|"+words+"|"); got != want {
				t.Errorf("%q reads “%s”: %v, want %v", who, words, got, want)
			}
		}
	}
}

// TestLateObserver: whoever is admitted later finds on no page the words that
// were entered before.
func TestLateObserver(t *testing.T) {
	s := inSession(t)
	s.do("ada", `disclose text="MARK disclosed"`)
	s.do("ada", `record-outside as=statement who="MARK somebody" text="MARK outside" source="MARK source" reliability=reported`)
	s.do("ada", `link-earlier as=round title="MARK earlier" source="MARK source" when=2029-01-02T10:00:00+03:00`)
	s.do("ada", `expect name="MARK expected" source="MARK source"`)
	s.do("ada", `request-observer name="MARK asks" as=observer`)
	s.do("ada", `open-track track=fish title="MARK track"`)
	s.do("njeri", `propose-modality heading=agenda text="MARK agenda"`)
	s.do("wanjiku", `raise-point-of-order point="MARK point"`)
	s.Clock = s.Clock.Add(time.Minute)
	s.enrol("late", "Lata La", "")
	s.do("ada", `admit-observer person=late name="Lata La" as=observer`)
	s.do("ada", `rule-on-point upheld=yes ruling="MARKED down."`)
	s.do("wanjiku", `raise-point-of-order point="HEARD point"`)
	if all := s.everything("late"); strings.Contains(strings.ReplaceAll(all, "MARKED down.", ""), "MARK") {
		i := strings.Index(strings.ReplaceAll(all, "MARKED down.", ""), "MARK")
		t.Errorf("a late observer reads what was said before: …%s…", all[max(0, i-200):i+40])
	} else if !strings.Contains(all, "HEARD point") {
		t.Error("a late observer does not read what is said now")
	}
	if all := s.everything("njeri"); strings.Count(all, "MARK") < 20 {
		t.Error("the marks are not on the pages")
	}
}
