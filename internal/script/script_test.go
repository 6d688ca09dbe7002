package script_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/script"
)

const play = `
# The lake.
# Ada holds the first link.

ada: convene title="The lake: a play" zone=UTC
----
1 Convened.

clock +4m

# Njeri is stopped.
njeri: speak text="One.\nTwo." kept=exact
----
out of order: rule 23: No.

mallory: read public after=3
`

func TestScenes(t *testing.T) {
	want := []script.Scene{
		{Asked: "# The lake.\n# Ada holds the first link.", At: 3},
		{Asked: `ada: convene title="The lake: a play" zone=UTC`, Line: `ada: convene title="The lake: a play" zone=UTC`, At: 5},
		{Asked: "clock +4m", Line: "clock +4m", At: 9},
		{Asked: "# Njeri is stopped.\n" + `njeri: speak text="One.\nTwo." kept=exact`, Line: `njeri: speak text="One.\nTwo." kept=exact`, At: 12},
		{Asked: "mallory: read public after=3", Line: "mallory: read public after=3", At: 16},
	}
	got := script.Scenes(play)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
	lines := strings.Split(play, "\n")
	for _, s := range got {
		if s.Line != "" && lines[s.At-1] != s.Line {
			t.Errorf("line %d is %q, not %q", s.At, lines[s.At-1], s.Line)
		}
	}
}

func TestCues(t *testing.T) {
	cue, ok := script.ParseCue(`ada: convene title="The lake: a play" zone=UTC powers=sign powers="adopt, initial"`)
	want := script.Cue{Who: "ada", Verb: "convene", Rest: `title="The lake: a play" zone=UTC powers=sign powers="adopt, initial"`,
		Fields: map[string][]string{"title": {"The lake: a play"}, "zone": {"UTC"}, "powers": {"sign", "adopt, initial"}}}
	if diff := cmp.Diff(want, cue); diff != "" || !ok {
		t.Errorf("%v (-want +got)\n%s", ok, diff)
	}
	for _, direction := range []string{"clock +4m", "tick", `note "ada: is late"`, ""} {
		if cue, ok := script.ParseCue(direction); ok {
			t.Errorf("%q is taken for %+v", direction, cue)
		}
	}
	if got := script.Fields(`text="One.\nTwo."`)["text"][0]; got != "One.\nTwo." {
		t.Errorf("a line end is read as %q", got)
	}
}

func TestClock(t *testing.T) {
	zone := time.FixedZone("", 3*3600)
	now := time.Date(2025, 5, 16, 13, 35, 0, 0, zone)
	for to, want := range map[string]string{
		"+10m": "2025-05-16T13:45:00+03:00", "90s": "2025-05-16T13:36:30+03:00",
		"14:05": "2025-05-16T14:05:00+03:00", "2025-05-17T09:00:00+02:00": "2025-05-17T09:00:00+02:00",
	} {
		if at, err := script.Clock(now, to); err != nil || at.Format(time.RFC3339) != want {
			t.Errorf("%s sets it to %v, %v", to, at, err)
		}
	}
	if _, err := script.Clock(now, "noon"); err == nil || !strings.Contains(err.Error(), "14:05") {
		t.Errorf("noon: %v", err)
	}
}

func FuzzFields(f *testing.F) {
	f.Add(`a="b c" d=e`)
	f.Add(`="`)
	f.Add(`a`)
	f.Fuzz(func(_ *testing.T, s string) { script.Fields(s) })
}
