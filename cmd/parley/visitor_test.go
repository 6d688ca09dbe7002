package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"parley/internal/access"
	"parley/internal/api"
)

// A demonstration is the demo, running in this process, with a browser of a
// visitor's at every place.
type demonstration struct {
	at map[string]visitor
}

func newDemonstration(t *testing.T) demonstration {
	t.Helper()
	in, out := io.Pipe()
	shell := newTerminal()
	shell.out, shell.err = out, io.Discard
	ctx, stop := context.WithCancel(t.Context())
	root := shell.root()
	root.SetArgs([]string{"demo", "--addr", "localhost:0", "--json"})
	done := make(chan error, 1)
	go func() { done <- root.ExecuteContext(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var chairs []struct{ Role, Link string }
	if err := json.Unmarshal([]byte(line), &chairs); err != nil {
		t.Fatal(err)
	}
	d := demonstration{map[string]visitor{}}
	for _, c := range chairs {
		// Not every machine that tests knows the names under localhost.
		_, rest, _ := strings.Cut(c.Link, ".localhost:")
		port, path, _ := strings.Cut(rest, "/")
		v := newVisitor(t, "http://localhost:"+port)
		if code, ok := strings.CutPrefix(path, "in/"); ok {
			link, ok := access.ParseToken(code)
			if status, page := v.signIn(t, link); !ok || status != http.StatusSeeOther {
				t.Fatalf("%s cannot sit down: %d %s", c.Role, status, page)
			}
		}
		d.at[c.Role] = v
	}
	return d
}

// does has a visitor do something over the API with the browser's login.
func (d demonstration) does(t *testing.T, where, act, fields string) (said string, status int) {
	t.Helper()
	v := d.at[where]
	r, err := http.NewRequest("POST", v.base+"/api/talks/istanbul/acts/"+act, strings.NewReader(fields))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w, err := v.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	var answer struct {
		api.Entered
		api.Problem
	}
	if err := json.NewDecoder(w.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if w.StatusCode != http.StatusOK {
		return answer.Detail, w.StatusCode
	}
	for _, e := range answer.Entries {
		said += strings.Join(e.Says, " ")
	}
	return said, w.StatusCode
}

func (d demonstration) read(t *testing.T, where, which string) (page api.Page, status int) {
	t.Helper()
	w, err := d.at[where].Get(d.at[where].base + "/api/talks/istanbul/record?record=" + which)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	if err := json.NewDecoder(w.Body).Decode(&page); err != nil && w.StatusCode == http.StatusOK {
		t.Fatal(err)
	}
	return page, w.StatusCode
}

// TestAVisitorGoesOn does in the demo what its visitors are asked to do.
func TestAVisitorGoesOn(t *testing.T) {
	d := newDemonstration(t)
	for _, scene := range []struct {
		who, act, fields string
		status           int
		says             string
	}{
		{"russia", "ask-for-floor", `{}`, 200, "Russia asks for the floor."},
		{"ukraine", "speak", `{"text":"Now.","kept":"exact"}`, 409, "Ukraine does not have the floor"},
		{"ukraine", "give-floor", `{}`, 403, "It is not for"},
		{"chair", "give-floor", `{}`, 200, "The chair gives the floor to Russia."},
		{"ukraine", "raise-point-of-order", `{"point":"The agenda is not agreed."}`, 200, "Ukraine raises a point of order: The agenda is not agreed."},
		{"russia", "speak", `{"text":"I go on.","kept":"exact"}`, 409, "The chair rules on it first."},
		{"chair", "rule-on-point", `{"upheld":false,"ruling":"It is practice."}`, 200, "The chair overrules the point of order: It is practice."},
		{"russia", "speak", `{"text":"I go on.","kept":"exact"}`, 200, "Russia: “I go on.”"},
		{"observer", "ask-for-floor", `{}`, 403, "It is not for"},
		{"host", "ask-for-floor", `{}`, 403, "It is not for"},
		{"press", "ask-for-floor", `{}`, 404, "nothing here"},
		{"chair", "adjourn-meeting", `{}`, 200, "The meeting is adjourned."},
	} {
		if said, status := d.does(t, scene.who, scene.act, scene.fields); status != scene.status || !strings.Contains(said, scene.says) {
			t.Errorf("%s: %s: %d %s", scene.who, scene.act, status, said)
		}
	}
	mediator, _ := d.read(t, "mediator", "joint")
	for _, where := range []string{"chair", "russia", "ukraine", "capital-russia", "capital-ukraine"} {
		page, status := d.read(t, where, "joint")
		if status != http.StatusOK || len(page.Entries) != len(mediator.Entries) || page.Entries[0].Withheld() {
			t.Errorf("%s reads %d entries: %d", where, len(page.Entries), status)
		}
	}
	// The observer was admitted for the practice, and reads nothing of what was before.
	page, _ := d.read(t, "observer", "joint")
	if last := page.Entries[len(page.Entries)-1]; !page.Entries[0].Withheld() || last.Withheld() {
		t.Error("the observer reads the meeting before their time, or nothing")
	}
	for _, where := range []string{"host", "press"} {
		if _, status := d.read(t, where, "joint"); status != http.StatusNotFound {
			t.Errorf("%s is told %d of the joint record", where, status)
		}
		if page, status := d.read(t, where, "public"); status != http.StatusOK || len(page.Entries) != 3 {
			t.Errorf("%s reads %d public entries: %d", where, len(page.Entries), status)
		}
	}
}
