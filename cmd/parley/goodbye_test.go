package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// TestTheServerSaysGoodbye interrupts the real server while somebody listens
// and somebody speaks: the stream ends, the speaker gets their answer or can
// ask again, and the server ends well and at once.
func TestTheServerSaysGoodbye(t *testing.T) {
	l, all := newLake(t, t.TempDir()+"/house"), talkers()[:1]
	s := l.serve(t)
	r, err := http.NewRequest("GET", s.url+"/api/talks/lake/stream?after=8", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+l.tokens["Otieno"])
	stream, err := new(http.Client).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	spoken := make(chan error)
	go func() {
		for {
			if err := all[0].say(l, s); err != nil {
				spoken <- err
				return
			}
		}
	}()
	lines := bufio.NewReader(stream.Body)
	for line := ""; !strings.Contains(line, "voice-0 says 1."); {
		if line, err = lines.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	start := time.Now()
	if err := s.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, lines); err != nil {
		t.Errorf("the stream ended with %v", err)
	}
	if err := s.Wait(); err != nil {
		t.Errorf("the server ended with %v\n%s", err, s.errors)
	}
	<-spoken
	if took := time.Since(start); took > 3*goodbye { // twice over for a busy machine
		t.Errorf("it took %v", took)
	}
	l.check(t, all)
	// Whoever had no answer asks again.
	if err := all[0].say(l, l.serve(t)); err != nil {
		t.Error(err)
	}
}
