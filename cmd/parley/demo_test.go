package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"parley/internal/parleytest"
)

// TestDemoPlay plays what the demo plays in memory, with the auditor.
func TestDemoPlay(t *testing.T) { parleytest.Run(t, "demo/istanbul.talks") }

// TestDemoPlacesAreTaken checks that there is a place for each of those whom
// the demo promises one, and that the play seats them.
func TestDemoPlacesAreTaken(t *testing.T) {
	for _, p := range places {
		if p.cast != "desk" && !strings.Contains(istanbul, "person="+p.cast+" ") {
			t.Errorf("nobody sits at %s", p.host)
		}
	}
}

// TestDemoAtAPace lets the demo play while somebody reads along.
func TestDemoAtAPace(t *testing.T) {
	in, out := io.Pipe()
	at := newTerminal()
	at.out, at.err = out, io.Discard
	ctx, stop := context.WithCancel(t.Context())
	root := at.root()
	root.SetArgs([]string{"demo", "--addr", "localhost:0", "--pace", "20ms", "--json"})
	done := make(chan error, 1)
	go func() { done <- root.ExecuteContext(ctx) }()
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var chairs []struct{ Role, Link string }
	if err := json.Unmarshal([]byte(line), &chairs); err != nil || len(chairs) != 9 {
		t.Fatalf("%s: %v", line, err)
	}
	press := strings.Replace(chairs[8].Link, "press.localhost", "localhost", 1) // not every machine knows the name
	base, _, _ := strings.Cut(press, "/talks/")
	deadline := time.Now().Add(30 * time.Second)
	for {
		w, err := http.Get(base + "/api/talks/istanbul/record?record=public")
		if err != nil {
			t.Fatal(err)
		}
		page, _ := io.ReadAll(w.Body)
		w.Body.Close()
		if strings.Contains(string(page), "Welcomed both delegations") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the opening was not published in time: %s", page)
		}
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// BenchmarkDemo measures the time from the start of the built program until
// all that it has played is served.
func BenchmarkDemo(b *testing.B) {
	parley := program(b)
	for b.Loop() {
		c := exec.Command(parley, "demo", "--addr", "localhost:0", "--json")
		pipe, err := c.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Start(); err != nil {
			b.Fatal(err)
		}
		line, err := bufio.NewReader(pipe).ReadString('\n')
		if err != nil {
			b.Fatal(err)
		}
		var chairs []struct{ Link string }
		if err := json.Unmarshal([]byte(line), &chairs); err != nil {
			b.Fatal(err)
		}
		w, err := http.Get(strings.Replace(chairs[8].Link, "press.localhost", "localhost", 1))
		if err != nil {
			b.Fatal(err)
		}
		w.Body.Close()
		if w.StatusCode != http.StatusOK {
			b.Fatal(w.Status)
		}
		b.StopTimer()
		c.Process.Signal(os.Interrupt)
		if err := c.Wait(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
