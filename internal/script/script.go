// Package script reads plays.
//
// A play is a meeting as minutes. It is made of scenes with an empty line
// between them; a scene is one line that is played, with comments above it and,
// below "----", what came of it:
//
//	# The floor is asked for.
//	njeri: ask-for-floor
//	----
//	7 Kenya asks for the floor.
//
// A line is "person: verb field=value …", with quotes around values of more
// than one word and \n for a line end in them; or it is a stage direction,
// which begins with a word and no colon. Who plays a script, and what its
// verbs and directions mean, is up to the player: this package owns the form
// and nothing else. It is pure.
package script

import (
	"fmt"
	"strings"
	"time"
)

// A Scene is one line of a play with its comments.
type Scene struct {
	Asked string // as written, without what came of it
	Line  string // what is to be played; empty if it is only a comment
	At    int    // line number in the file, of its last line
}

// Scenes takes a play apart.
func Scenes(text string) []Scene {
	var scenes []Scene
	line := 1 + strings.Count(text[:len(text)-len(strings.TrimLeft(text, " \t\r\n"))], "\n")
	for whole := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		asked, _, _ := strings.Cut(whole, "\n----")
		s := Scene{Asked: asked, At: line + strings.Count(asked, "\n")}
		if last := asked[strings.LastIndexByte(asked, '\n')+1:]; !strings.HasPrefix(last, "#") {
			s.Line = last
		}
		scenes = append(scenes, s)
		line += strings.Count(whole, "\n") + 2
	}
	return scenes
}

// A Cue is what somebody does in a scene.
type Cue struct {
	Who    string
	Verb   string
	Rest   string // after the verb, as written
	Fields map[string][]string
}

// ParseCue reads "person: verb field=value …". It reports false for a stage
// direction.
func ParseCue(line string) (Cue, bool) {
	who, rest, ok := strings.Cut(line, ": ")
	if !ok || strings.ContainsAny(who, " \t") {
		return Cue{}, false
	}
	verb, rest, _ := strings.Cut(rest, " ")
	return Cue{Who: who, Verb: verb, Rest: rest, Fields: Fields(rest)}, true
}

// Fields reads `title="The lake" zone=UTC powers=negotiate powers=adopt`.
func Fields(s string) map[string][]string {
	m := map[string][]string{}
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		var key, value string
		key, s, _ = strings.Cut(s, "=")
		if after, ok := strings.CutPrefix(s, `"`); ok {
			value, s, _ = strings.Cut(after, `"`)
		} else {
			value, s, _ = strings.Cut(s, " ")
		}
		m[key] = append(m[key], strings.ReplaceAll(value, `\n`, "\n"))
	}
	return m
}

// Clock reads where a clock that shows now is set to: "+10m" on, "14:05" on the
// same day, or a time in full such as 2025-05-16T14:05:00+03:00.
func Clock(now time.Time, to string) (time.Time, error) {
	if d, err := time.ParseDuration(strings.TrimPrefix(to, "+")); err == nil {
		return now.Add(d), nil
	}
	if at, err := time.Parse(time.RFC3339, to); err == nil {
		return at, nil
	}
	at, err := time.Parse("15:04", to)
	if err != nil {
		return now, fmt.Errorf("%q does not set a clock: write +10m, 14:05 or 2025-05-16T14:05:00+03:00", to)
	}
	y, m, d := now.Date()
	return time.Date(y, m, d, at.Hour(), at.Minute(), 0, 0, now.Location()), nil
}
