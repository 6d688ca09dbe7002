package web_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	third "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
)

// TestCalendar: one line of time, earliest first, with the long gaps in words
// and with now; what is alleged says so; deadlines are the mediation's alone.
func TestCalendar(t *testing.T) {
	s := burdened(t)
	s.do("ada", `announce title="Talks on the lake" text="Kenya and Uganda talk."`)
	s.do("ada", `open-meeting title="First meeting"`)
	s.Clock = s.Clock.Add(95 * time.Minute)
	s.do("ada", `adjourn-meeting approximate=yes source="a porter"`)
	s.do("otieno", `issue-holding-line text="No comment." until=2030-01-03T23:00:00+03:00`)
	p := s.page("ada", "/talks/lake/calendar")
	var told []string
	for _, li := range p.all(".timeline li") {
		told = append(told, words(li))
	}
	want := []string{
		"1 March 2027 09:00 to 3 March, 18:00 Earlier round The Jinja round According to the archive",
		"1036 days later",
		"31 December 2029 19:00 Side meeting Dinner of four Kenya, Uganda, two donors the season Outside the mandate of these talks: the border Reported, according to the protocol",
		"1 January 2030 20:00 Statement A senior official Says that the other side stalls. Alleged by somebody unnamed, according to a wire service",
		"2 January 2030 13:00 Talks convened The lake treaty talks",
		"about 13:00 to 14:35 Meeting 1 First meeting Lasted 1 h 35 min, 1 h 35 min without breaks.",
		"Now: 2 January 2030, 14:35",
		"3 January 2030 23:00 Holding line Uganda’s holding line lapses No comment.",
		"4 January 2030 12:00 Sealed question Sealed answers to “season” are opened How long a closed season could you accept? From your own room; those at the table do not see it.",
		"5 January 2030 06:00 Deadline The dam opens its gates According to the operator",
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("the line of time (-want +got):\n%s", diff)
	}
	s.page("njeri", "/talks/lake/calendar").silent("dam opens", "boycott")
	for who, sealed := range map[string]bool{"otieno": true, "nairobi": true, "olga": false} {
		if got := strings.Contains(s.page(who, "/talks/lake/calendar").text, "season” are opened"); got != sealed {
			t.Errorf("%s sees when sealed answers are opened: %v", who, got)
		}
	}
}

// A dated is an event of a calendar as another program reads it.
type dated struct{ Summary, Start, End, Class string }

var identity = regexp.MustCompile(`(?m)^UID:(.*)\r$`)

// TestCalendarFile: another program reads the same events at the same instants;
// what they are called stays the same from file to file; only the mediation's
// file has its deadlines, and nobody's is kept by what lies between.
func TestCalendarFile(t *testing.T) {
	s := burdened(t)
	s.do("ada", `link-earlier as=contact title="Letters" source="the archive" when=2027-01-01T00:00:00+03:00 until=2027-02-28T23:59:00+03:00 approximate=yes`)
	s.page("ada", "/talks/lake/calendar").says("1 January 2027 about, until 28 February 2027 Earlier contact Letters")
	a := s.get("ada", "/talks/lake/calendar.ics")
	if a.Header.Get("Content-Type") != "text/calendar; charset=utf-8" || a.Header.Get("Cache-Control") != "no-store" || !strings.Contains(a.Header.Get("Content-Disposition"), "lake.ics") {
		t.Errorf("headers: %v", a.Header)
	}
	want := map[string]dated{
		"joint-10.lake@play.example":      {"The Jinja round", "2027-03-01T06:00:00Z", "2027-03-03T15:00:00Z", "PRIVATE"},
		"convened.lake@play.example":      {"The lake treaty talks", "2030-01-02T10:00:00Z", "", "PRIVATE"},
		"mediation-2.lake@play.example":   {"The dam opens its gates", "2030-01-05T03:00:00Z", "", "CONFIDENTIAL"},
		"sealed-season.lake@play.example": {"Sealed answers to “season” are opened", "2030-01-04T09:00:00Z", "", "CONFIDENTIAL"},
		"joint-17.lake@play.example":      {"Alleged by somebody unnamed: A senior official", "2030-01-01T17:00:00Z", "", "PRIVATE"},
		"joint-19.lake@play.example":      {"Letters", "2027-01-01T00:00:00Z", "2027-03-01T00:00:00Z", "PRIVATE"},
		"joint-18.lake@play.example":      {"Reported: Dinner of four", "2029-12-31T16:00:00Z", "", "PRIVATE"},
	}
	if diff := cmp.Diff(want, byThird(t, a.Body)); diff != "" {
		t.Errorf("another program reads (-want +got):\n%s", diff)
	}
	if !strings.Contains(a.Body, "\r\nDTSTART;VALUE=DATE:20270101\r\n") || !strings.Contains(a.Body, "\r\nDTEND;VALUE=DATE:20270301\r\n") {
		t.Errorf("what is known to the day only has an hour:\n%s", a.Body)
	}
	delete(want, "mediation-2.lake@play.example")
	if diff := cmp.Diff(want, byThird(t, s.get("njeri", "/talks/lake/calendar.ics").Body)); diff != "" {
		t.Errorf("Njeri's file (-want +got):\n%s", diff)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(a.Body, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.Contains(line, "\n") {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
	before := identity.FindAllString(a.Body, -1)
	s.Clock = s.Clock.Add(time.Hour)
	s.do("ada", `record-outside as=event who="A storm" text="Boats; nets, all\\lost." source="the harbour" reliability=confirmed when=2028-01-01T20:00:00+03:00`)
	later := identity.FindAllString(s.get("ada", "/talks/lake/calendar.ics").Body, -1)
	for _, id := range before {
		if !strings.Contains(strings.Join(later, ""), id) {
			t.Errorf("an hour later nothing is called %s", id)
		}
	}
	if len(later) != len(before)+1 {
		t.Errorf("%d events, then %d", len(before), len(later))
	}
	for _, who := range []string{"", "hosni", "mallory"} {
		if a := s.get(who, "/talks/lake/calendar.ics"); a.Status != 404 || strings.Contains(a.Body, "VCALENDAR") {
			t.Errorf("%q gets a calendar: %d", who, a.Status)
		}
	}
}

// byThird reads a calendar with a library that is not the one it was written with.
func byThird(t *testing.T, file string) map[string]dated {
	t.Helper()
	c, err := third.ParseCalendar(strings.NewReader(file))
	if err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	found := map[string]dated{}
	for _, e := range c.Events() {
		get := func(p third.ComponentProperty) string {
			if x := e.GetProperty(p); x != nil {
				return x.Value
			}
			return ""
		}
		start, err := e.GetStartAt()
		if err != nil {
			t.Fatal(err)
		}
		d := dated{Summary: get(third.ComponentPropertySummary), Start: start.UTC().Format(time.RFC3339), Class: get(third.ComponentPropertyClass)}
		if end, err := e.GetEndAt(); err == nil {
			d.End = end.UTC().Format(time.RFC3339)
		}
		if _, twice := found[e.Id()]; twice {
			t.Errorf("two events are called %s", e.Id())
		}
		found[e.Id()] = d
	}
	return found
}

// berlin is a stage in a zone that changes its clocks, with times on both sides.
func berlin(t *testing.T) (s *stage, want map[string]string) {
	s = empty(t)
	s.do("ada", `convene title="The Rhine talks" mediation="The Commission" zone=Europe/Berlin template=diplomatic name="Ada Lovelace"`)
	want = map[string]string{"convened.lake@play.example": "2030-01-02T10:00:00Z"}
	for _, at := range []string{"1945-06-01T12:00:00+03:00", "1979-07-01T12:00:00+01:00", "2027-01-10T09:00:00+01:00", "2027-07-10T09:00:00+02:00", "2029-03-25T01:59:00+01:00", "2029-03-25T03:00:00+02:00", "2029-10-28T02:30:00+02:00", "2029-10-28T02:30:00+01:00", "2029-10-28T03:30:00+01:00"} {
		s.do("ada", `record-outside as=event who=`+quote(at)+` text="It happened." source="a diary" reliability=confirmed when=`+at)
		instant, err := time.Parse(time.RFC3339, at)
		s.must(err)
		want["joint-"+s.size()+".lake@play.example"] = instant.UTC().Format(time.RFC3339)
	}
	s.do("ada", `note-deadline what="A summer's day" due=2031-07-10T09:00:00+02:00`)
	want["mediation-2.lake@play.example"] = "2031-07-10T07:00:00Z"
	return s, want
}

// TestCalendarZones: a program that has never heard of the zone reads the right
// instants from what the file says of it.
func TestCalendarZones(t *testing.T) {
	s, want := berlin(t)
	file := s.get("ada", "/talks/lake/calendar.ics").Body
	got := map[string]string{}
	for id, e := range byThird(t, file) {
		got[id] = e.Start
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("by the name of the zone (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, bySays(t, file)); diff != "" {
		t.Errorf("by what the file says of the zone (-want +got):\n%s", diff)
	}
	if err := exec.Command("python3", "-c", "import icalendar").Run(); err != nil {
		t.Skip("the rest needs python3 with the package icalendar, which is not here:", err)
	}
	strange := filepath.Join(t.TempDir(), "strange.ics")
	s.must(os.WriteFile(strange, []byte(strings.ReplaceAll(file, "Europe/Berlin", "Nowhere/Known")), 0o666))
	out, err := exec.Command("python3", "-c", `
import icalendar, json, sys, datetime
c = icalendar.Calendar.from_ical(open(sys.argv[1], "rb").read())
print(json.dumps({str(e["UID"]): e["DTSTART"].dt.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") for e in c.walk("VEVENT")}))`, strange).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got = map[string]string{}
	s.must(json.Unmarshal(out, &got))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("by Python's icalendar, which does not know the zone (-want +got):\n%s", diff)
	}
}

// bySays works out the instants with RFC 5545's rule for VTIMEZONE alone: the
// offset is that of the last observance that began before.
func bySays(t *testing.T, file string) map[string]string {
	t.Helper()
	const local = "20060102T150405"
	type observance struct {
		onset time.Time // in the local time before it
		to    int
	}
	seconds := func(s string) int {
		d, err := time.Parse("-0700", s)
		if err != nil {
			if d, err = time.Parse("-070000", s); err != nil {
				t.Fatal(err)
			}
		}
		_, n := d.Zone()
		return n
	}
	var list []observance
	got := map[string]string{}
	id := ""
	var start time.Time
	inZone, zoned := false, false
	for line := range strings.SplitSeq(strings.ReplaceAll(file, "\r\n ", ""), "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		switch name, _, _ := strings.Cut(name, ";"); {
		case line == "BEGIN:VTIMEZONE", line == "END:VTIMEZONE":
			inZone = line == "BEGIN:VTIMEZONE"
		case line == "BEGIN:STANDARD", line == "BEGIN:DAYLIGHT":
			list = append(list, observance{})
		case name == "DTSTART":
			text, utc := strings.CutSuffix(value, "Z")
			if zoned = !utc; utc {
				value = text
			}
			at, err := time.Parse(local, value)
			if err != nil {
				t.Fatal(err)
			}
			if start = at; inZone {
				list[len(list)-1].onset = at
			}
		case name == "TZOFFSETTO":
			list[len(list)-1].to = seconds(value)
		case name == "UID":
			id = value
		case line == "END:VEVENT":
			to := list[0].to
			for _, o := range list {
				if !zoned {
					to = 0
				} else if !start.Before(o.onset) {
					to = o.to
				}
			}
			got[id] = start.Add(-time.Duration(to) * time.Second).Format(time.RFC3339)
		}
	}
	return got
}
