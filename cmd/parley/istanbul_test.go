package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"parley/internal/api"
)

// A fact is a line of docs/istanbul.md.
type fact struct{ number, in, event, look string }

// istanbulPage reads the tables of docs/istanbul.md: who reads what, and the facts.
func istanbulPage(t *testing.T) (reads, not map[string][]string, facts []fact) {
	t.Helper()
	text, err := os.ReadFile("../../docs/istanbul.md")
	if err != nil {
		t.Fatal(err)
	}
	reads, not = map[string][]string{}, map[string][]string{}
	words := func(cell string) []string {
		return strings.FieldsFunc(cell, func(r rune) bool { return r == ',' || r == ' ' })
	}
	section := ""
	for line := range strings.SplitSeq(string(text), "\n") {
		if head, ok := strings.CutPrefix(line, "## "); ok {
			section = head
		}
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case cells[0] == "in" || cells[0] == "#":
		case section == "Who reads what":
			reads[cells[0]], not[cells[0]] = words(cells[1]), words(cells[2])
		case section == "Fact by fact" && len(cells) == 6:
			facts = append(facts, fact{cells[0], cells[2], cells[3], cells[4]})
		case section == "Fact by fact":
			t.Errorf("this line has %d cells: %s", len(cells), line)
		}
	}
	return reads, not, facts
}

// everything is all that a role can fetch over the API: its records as they
// are listed, entry by entry, and all of it as text.
type everything struct {
	entries []api.Entry
	text    string
}

func (d demonstration) everything(t *testing.T, role string) (all everything) {
	t.Helper()
	v := d.at[role]
	get := func(path string) []byte {
		w, err := v.Get(v.base + path)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Body.Close()
		body, err := io.ReadAll(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		all.text += fmt.Sprintln(path, w.StatusCode, string(body))
		return body
	}
	const base = "/api/talks/istanbul"
	get("/api/talks")
	get(base + "/bundle")
	var list api.Records
	if err := json.Unmarshal(get(base+"/records"), &list); err != nil {
		t.Fatal(err)
	}
	get(base + "/record?record=joint") // which may not be theirs
	for _, r := range list.Records {
		var page api.Page
		if err := json.Unmarshal(get(base+"/record?record="+string(r.Record)), &page); err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Entries {
			e.Record = page.Record
			all.entries = append(all.entries, e)
		}
	}
	return all
}

// has reports whether somebody finds a fact where it should be.
func (all everything) has(f fact) bool {
	return slices.ContainsFunc(all.entries, func(e api.Entry) bool {
		kind := strings.TrimPrefix(string(e.Record), "istanbul/")
		inRoom := strings.HasPrefix(kind, "room/")
		there := kind == f.in || inRoom && f.in != "joint" && f.in != "public"
		return there && e.Event == f.event && strings.Contains(strings.Join(e.Says, " ")+string(e.Words)+string(e.Structure), f.look)
	})
}

// TestEveryFactOfTheDay: each of the eighteen facts is found in the demo by all
// who may see it, over the API, and not a word of it by anybody else.
func TestEveryFactOfTheDay(t *testing.T) {
	d := newDemonstration(t)
	reads, not, facts := istanbulPage(t)
	found := map[string]everything{}
	for role := range d.at {
		found[role] = d.everything(t, role)
	}
	numbers := map[string]bool{}
	for _, f := range facts {
		numbers[f.number] = true
		if len(reads[f.in]) == 0 || len(reads[f.in])+len(not[f.in]) != len(d.at) {
			t.Errorf("%s: it is not said of everybody whether they read it", f.in)
		}
		for _, role := range reads[f.in] {
			if all, ok := found[role]; !ok || !all.has(f) {
				t.Errorf("fact %s: %s does not find “%s” (%s, %s)", f.number, role, f.look, f.in, f.event)
			}
		}
		// Structure is no mark: it looks alike in entries of other records.
		for _, role := range not[f.in] {
			if all, ok := found[role]; !ok || all.has(f) || !strings.HasPrefix(f.look, `"`) && strings.Contains(all.text, f.look) {
				t.Errorf("fact %s: %s finds “%s”", f.number, role, f.look)
			}
		}
	}
	for n := range 18 {
		if !numbers[fmt.Sprint(n+1)] {
			t.Errorf("fact %d is nowhere", n+1)
		}
	}
	if len(numbers) != 19 {
		t.Errorf("the facts are %v", numbers)
	}
	// What history does not have is not there: before the practice nobody has
	// agreed how to meet, nobody has ruled on the request, nobody took note.
	for _, e := range found["mediator"].entries {
		if e.Event == "round-opened" && strings.Contains(e.Says[0], "PRACTICE") {
			return
		}
		if slices.Contains([]string{"modality-proposed", "modality-agreed", "request-ruled-on", "disclosure-acknowledged", "holding-line-issued"}, e.Event) {
			t.Errorf("this is not reported: %s", e.Says)
		}
	}
	t.Error("there is no practice")
}

// TestPagesOfTheDay: the pages that docs/istanbul.md names are there.
func TestPagesOfTheDay(t *testing.T) {
	d := newDemonstration(t)
	for _, page := range []string{"meeting", "delegations", "modalities", "background", "rooms", "press"} {
		v := d.at["mediator"]
		w, err := v.Get(v.base + "/talks/istanbul/" + page)
		if err != nil {
			t.Fatal(err)
		}
		w.Body.Close()
		if w.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", page, w.Status)
		}
	}
}
