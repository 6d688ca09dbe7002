package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/phrasebook"
)

// built is where the real parley lies once a test has asked for it.
var built struct {
	once sync.Once
	dir  string
	err  error
}

// builtDir, in the environment, says where a test that started this one has
// built it.
const builtDir = "PARLEY_TEST_BUILT"

// program builds the real parley, once, and returns its path.
func program(t testing.TB) string {
	t.Helper()
	built.once.Do(func() {
		if dir := os.Getenv(builtDir); dir != "" {
			built.dir = dir
			return
		}
		if built.dir, built.err = os.MkdirTemp("", "parley-built-"); built.err != nil {
			return
		}
		out, err := exec.Command("go", "build", "-o", built.dir, ".").CombinedOutput()
		if err != nil {
			built.err = fmt.Errorf("%w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatalf("building parley: %v", built.err)
	}
	return filepath.Join(built.dir, "parley")
}

// A lake is a house with talks that have a meeting open: Ada chairs; Njeri
// speaks for Kenya and Otieno for Uganda. Each has a token.
type lake struct {
	dir    string
	tokens map[string]string
}

// newLake founds the house without starting a server.
func newLake(t testing.TB, dir string) *lake {
	t.Helper()
	l := &lake{dir: dir, tokens: map[string]string{}}
	l.typed(t, "init", "--data", dir, "--name", "lake.example", "--talks", "lake", "--mediator", "Ada")
	for _, line := range []string{
		"Ada convene title=Lake mediation=Commission zone=UTC name=Ada", "Ada admit-party party=kenya name=Kenya", "Ada admit-party party=uganda name=Uganda",
		"Ada accredit party=kenya name=Njeri as=head", "Ada accredit party=uganda name=Otieno as=head", "Ada name-chair seat=s1", "Ada open-meeting",
	} {
		who, act, _ := strings.Cut(line, " ")
		l.typed(t, append([]string{"act", "lake", "--data", dir, "--as", who}, strings.Fields(act)...)...)
	}
	for _, who := range []string{"Ada", "Njeri", "Otieno"} {
		l.tokens[who] = strings.TrimSpace(l.typed(t, "token", who, "--data", dir))
	}
	return l
}

// typed runs a command line in this process and returns what it said.
func (l *lake) typed(t testing.TB, args ...string) string {
	t.Helper()
	var out, complaint bytes.Buffer
	at := newTerminal()
	at.in, at.out, at.err = strings.NewReader(""), &out, &complaint
	if code := at.run(args); code != 0 {
		t.Fatalf("parley %s: exit code %d\n%s%s", strings.Join(args, " "), code, &out, &complaint)
	}
	return out.String()
}

// A serving is the real parley, serving.
type serving struct {
	*exec.Cmd
	url    string
	took   time.Duration // from start to the greeting
	errors *bytes.Buffer
}

func (l *lake) serve(t testing.TB) *serving {
	t.Helper()
	s := &serving{Cmd: exec.Command(program(t), "serve", "--data", l.dir, "--addr", "localhost:0", "--measure", "0", "--json"), errors: new(bytes.Buffer)}
	s.Stderr = s.errors
	pipe, err := s.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Process.Kill(); s.Wait() })
	line, err := bufio.NewReader(pipe).ReadString('\n')
	if err != nil {
		s.Wait()
		t.Fatalf("parley did not come up: %v\n%s", err, s.errors)
	}
	var hello struct{ URL string }
	if err := json.Unmarshal([]byte(line), &hello); err != nil {
		t.Fatal(err)
	}
	s.url = hello.URL
	// It is up once it has answered: the records have then been read.
	if _, err := l.get(t.Context(), s, "/api/talks/lake/records"); err != nil {
		t.Fatal(err)
	}
	s.took = time.Since(start)
	return s
}

var client = &http.Client{Timeout: 30 * time.Second}

// errSaidNo is an answer that is no 200.
type errSaidNo struct{ api.Problem }

func (e errSaidNo) Error() string { return e.Detail }

func (l *lake) do(r *http.Request, who string) ([]byte, error) {
	r.Header.Set("Authorization", "Bearer "+l.tokens[who])
	w, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		return nil, err
	}
	if w.StatusCode != http.StatusOK {
		var no errSaidNo
		if err := json.Unmarshal(body, &no.Problem); err != nil {
			return nil, fmt.Errorf("%s: %s", w.Status, body)
		}
		return nil, no
	}
	return body, nil
}

func (l *lake) get(ctx context.Context, s *serving, path string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, "GET", s.url+path, nil)
	if err != nil {
		return nil, err
	}
	return l.do(r, "Ada")
}

// submit submits an act and returns what was entered.
func (l *lake) submit(s *serving, who, act, request string, fields map[string]any) (api.Entered, error) {
	body, err := json.Marshal(fields)
	if err != nil {
		return api.Entered{}, err
	}
	r, err := http.NewRequest("POST", s.url+"/api/talks/lake/acts/"+act, bytes.NewReader(body))
	if err != nil {
		return api.Entered{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Request-Id", request)
	answer, err := l.do(r, who)
	if err != nil {
		return api.Entered{}, err
	}
	var out api.Entered
	return out, json.Unmarshal(answer, &out)
}

// A talker says one thing after the other, each under a request id of its own,
// and remembers what was acknowledged. Ada speaks at the table, the others
// pass notes, so that the joint record and a private one grow at once.
type talker struct {
	name, who string
	next      int  // number of what is to be said
	again     bool // it may have been entered already
	acked     []int
}

func (k *talker) text(n int) string { return fmt.Sprintf("%s says %d.", k.name, n) }

// say says the next thing once. An error leaves it open whether it was entered.
func (k *talker) say(l *lake, s *serving) error {
	act, fields := "speak", map[string]any{"text": k.text(k.next), "kept": "exact"}
	switch k.who {
	case "Njeri":
		act, fields = "pass-note", map[string]any{"to": "uganda", "text": k.text(k.next)}
	case "Otieno":
		act, fields = "pass-note", map[string]any{"to": "kenya", "text": k.text(k.next)}
	}
	entered, err := l.submit(s, k.who, act, fmt.Sprintf("%s-%d", k.name, k.next), fields)
	if err != nil {
		k.again = true
		return err
	}
	if len(entered.Entries) == 0 || entered.Repeated && !k.again {
		return errors.New("an act was answered with somebody else's entries")
	}
	k.acked = append(k.acked, k.next)
	k.next, k.again = k.next+1, false
	return nil
}

func talkers() []*talker {
	var list []*talker
	for i, who := range []string{"Ada", "Njeri", "Otieno", "Ada", "Njeri", "Otieno", "Ada", "Ada"} {
		list = append(list, &talker{name: fmt.Sprintf("voice-%d", i), who: who, next: 1})
	}
	return list
}

// check verifies all records from outside, and that everything that was
// acknowledged stands in them once, and nothing twice.
func (l *lake) check(t testing.TB, all []*talker) {
	t.Helper()
	l.typed(t, "verify", l.dir)
	said := map[string]int{}
	at := newTerminal()
	h, err := at.open(l.dir, opening{readOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	names, err := h.store.Log().Names(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		for e, err := range h.store.Log().Read(t.Context(), name, 0) {
			if err != nil {
				t.Fatal(err)
			}
			var words struct{ Text string }
			if len(e.Content.Words.Bytes) > 0 && json.Unmarshal(e.Content.Words.Bytes, &words) == nil && words.Text != "" {
				said[words.Text]++
			}
		}
	}
	for _, k := range all {
		for _, n := range k.acked {
			if said[k.text(n)] == 0 {
				t.Errorf("%q was acknowledged, and is lost", k.text(n))
			}
		}
	}
	for text, times := range said {
		if times > 1 {
			t.Errorf("%q was entered %d times", text, times)
		}
	}
}

// TestTheBinaryIsRight sees to it that what is tested is what is built.
func TestTheBinaryIsRight(t *testing.T) {
	out, err := exec.Command(program(t), "acts", "raise-point-of-order").CombinedOutput()
	if want := newTerminal().book.Line(phrasebook.Reader{}, "act.raise-point-of-order"); err != nil || !strings.Contains(string(out), want) {
		t.Errorf("%v\n%s", err, out)
	}
}
