package sqlite

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/access"
	"parley/internal/record"
)

var long = flag.Bool("long", false, "kill the writer 100 times instead of 10")

// In the environment, these make the test binary a process to be killed, one
// that fills its disk, one whose disk fails, or one that comes second.
const (
	secondDir = "PARLEY_TEST_OPEN"
	childDir  = "PARLEY_TEST_WRITE_TO"
	fullDir   = "PARLEY_TEST_FILL"
	faultDir  = "PARLEY_TEST_FAULT"
)

func TestMain(m *testing.M) {
	flag.Parse()
	for name, run := range map[string]func(string) error{
		childDir: writeUntilKilled, fullDir: fillDisk, faultDir: writeUntilFault, secondDir: openSecond,
	} {
		if dir := os.Getenv(name); dir != "" {
			if err := run(dir); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			return
		}
	}
	os.Exit(m.Run())
}

// background is for what runs in a process of its own.
var background = context.Background()

const clients = 8

const joint = record.Name("lake/joint")

func roomOf(client int) record.Name { return record.RoomName("lake", [16]byte{byte(client)}) }

func testKey() record.Key {
	k, err := record.NewKey(bytes.NewReader(make([]byte, 32)), "parley.example")
	if err != nil {
		panic(err)
	}
	return k
}

// A place in a record that a writer took up where another was killed.
type resumed struct {
	name    record.Name
	head    record.Head
	authors map[string]record.Author
}

func resume(log record.Log, name record.Name) (*resumed, error) {
	r := &resumed{name: name, authors: make(map[string]record.Author)}
	for e, err := range log.Read(context.Background(), name, 0) {
		if err != nil {
			return nil, err
		}
		seat := e.Content.Header.Seat
		r.authors[seat] = record.Author{Seq: r.authors[seat].Seq + 1, Prev: e.Leaf}
	}
	var err error
	r.head, err = log.Head(context.Background(), name)
	return r, err
}

func (r *resumed) grow(seat, words string) (record.Growth, error) {
	return record.Grow(r.name, r.head, r.authors, record.Chance{}, testKey().Signer(),
		record.Draft{Time: time.Now(), Seat: seat, Structure: []byte("{}"), Words: []byte(words)})
}

func (r *resumed) took(g record.Growth) {
	r.head = g.Batch.Head
	for seat, a := range g.Authors {
		r.authors[seat] = a
	}
}

func requestOf(client int, number int64) record.Hash {
	return sha256.Sum256(fmt.Append(nil, client, number))
}

// writeUntilKilled has eight clients write, each to a room of its own and with
// every third entry to the joint record too, in one transaction; and a ninth
// redeem links. What was acknowledged is told on standard output.
func writeUntilKilled(dir string) error {
	h, err := Open(dir, Options{Command: "the writer"})
	if err != nil {
		return err
	}
	shared, err := resume(h.Log(), joint)
	if err != nil {
		return err
	}
	var mu sync.Mutex // over the joint record
	failed := make(chan error)
	for c := range clients {
		go func() { failed <- writeAs(h, c, shared, &mu) }()
	}
	go func() { failed <- redeemLinks(h) }()
	return <-failed
}

func writeAs(h *House, client int, shared *resumed, mu *sync.Mutex) error {
	seat := fmt.Sprint("seat-", client)
	room, err := resume(h.Log(), roomOf(client))
	if err != nil {
		return err
	}
	for first := true; ; first = false {
		number := room.head.Size + 1
		if first && room.head.Size > 0 {
			number = room.head.Size // once more, as whoever got no answer would
		}
		both := number%3 == 0
		if both {
			mu.Lock()
		}
		words := fmt.Sprintf("%s says %d", seat, number)
		g, err := room.grow(seat, words)
		if err != nil {
			return err
		}
		t := record.Transaction{Batches: []record.Batch{g.Batch}, Requests: []record.Request{{Key: requestOf(client, number)}}}
		var g2 record.Growth
		if both {
			if g2, err = shared.grow(seat, words); err != nil {
				return err
			}
			t.Batches = append(t.Batches, g2.Batch)
		}
		err = h.Log().Append(context.Background(), t)
		switch {
		case number == room.head.Size && errors.Is(err, record.ErrRepeated):
		case number == room.head.Size:
			return fmt.Errorf("%s: once more: %v", words, err)
		case err != nil:
			return err
		default:
			room.took(g)
			if both {
				shared.took(g2)
			}
		}
		fmt.Fprintln(os.Stdout, "entered", client, number)
		if both {
			mu.Unlock()
		}
	}
}

func redeemLinks(h *House) error {
	d := &access.Door{Store: h.Access(), Now: time.Now, Rand: rand.Reader}
	ctx := context.Background()
	for {
		p, err := d.Enrol(ctx, "Njeri")
		if err != nil {
			return err
		}
		link, _, err := d.Invite(ctx, p.ID, "")
		if err != nil {
			return err
		}
		login, _, err := d.Redeem(ctx, link.Text(), "")
		if err != nil {
			return err
		}
		fmt.Fprintln(os.Stdout, "redeemed", link.Text(), login.Text())
	}
}

func TestKilledWriterLosesNothing(t *testing.T) {
	kills := 10
	if *long {
		kills = 100
	}
	seed := mathrand.Uint64()
	t.Logf("seed %d", seed)
	dice := mathrand.New(mathrand.NewPCG(seed, 0))
	dir := t.TempDir()
	acked := make([]int64, clients)
	var total, links int
	var slowest time.Duration
	for range kills {
		out := killWriter(t, dir, time.Duration(dice.Int64N(int64(120*time.Millisecond))))
		start := time.Now()
		h, err := Open(dir, Options{})
		if err != nil {
			t.Fatalf("after the kill: %v", err)
		}
		slowest = max(slowest, time.Since(start))
		var redeemed [][2]string
		for line := range strings.Lines(out) {
			var client int
			var number int64
			var link, login string
			if n, _ := fmt.Sscanf(line, "entered %d %d\n", &client, &number); n == 2 {
				acked[client] = max(acked[client], number)
				total++
			} else if n, _ := fmt.Sscanf(line, "redeemed %s %s\n", &link, &login); n == 2 && strings.HasSuffix(line, "\n") {
				redeemed = append(redeemed, [2]string{link, login})
				links++
			} else if strings.HasSuffix(line, "\n") {
				t.Errorf("the writer said %q", line)
			}
		}
		verify(t, h, acked)
		verifyLinks(t, h, redeemed)
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d kills, %d acknowledged entries and %d links, none lost, none doubled; slowest start %v", kills, total, links, slowest)
	if total < kills {
		t.Errorf("only %d entries were acknowledged: the writer was hardly at work", total)
	}
}

// killWriter starts a writer, lets it work for a while from its first answer
// on, kills it, and returns what it had told.
func killWriter(t *testing.T, dir string, after time.Duration) string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program)
	c.Env = append(os.Environ(), childDir+"="+dir)
	var complaint bytes.Buffer
	c.Stderr = &complaint
	pipe, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	out := bufio.NewReader(pipe)
	first, err := out.ReadString('\n')
	if err != nil {
		t.Fatalf("the writer did not begin: %v\n%s", err, &complaint)
	}
	kill := time.AfterFunc(after, func() { c.Process.Kill() })
	defer kill.Stop()
	rest, err := io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	err = c.Wait()
	if complaint.Len() > 0 {
		t.Fatalf("the writer ended by itself: %v\n%s", err, &complaint)
	}
	return first + string(rest)
}

// verify checks that every acknowledged entry is there, once, with its request
// and with its twin in the joint record.
func verify(t *testing.T, h *House, acked []int64) {
	t.Helper()
	ctx := t.Context()
	twins := make(map[string]int)
	for e, err := range h.Log().Read(ctx, joint, 0) {
		if err != nil {
			t.Fatal(err)
		}
		twins[string(e.Content.Words.Bytes)]++
	}
	verifier := testKey().Verifier()
	entered := 0
	for client, least := range acked {
		head, err := record.Audit(ctx, h.Log(), roomOf(client), verifier)
		if err != nil {
			t.Errorf("room %d: %v", client, err)
		}
		if head.Size < least || head.Size > least+1 {
			t.Errorf("room %d has %d entries, %d were acknowledged", client, head.Size, least)
		}
		for e, err := range h.Log().Read(ctx, roomOf(client), 0) {
			if err != nil {
				t.Fatal(err)
			}
			words := fmt.Sprintf("seat-%d says %d", client, e.Number)
			if string(e.Content.Words.Bytes) != words {
				t.Errorf("room %d, entry %d: %q", client, e.Number, e.Content.Words.Bytes)
			}
			if _, ok, err := h.Log().Request(ctx, requestOf(client, e.Number)); !ok || err != nil {
				t.Errorf("room %d, entry %d: its request: %v, %v", client, e.Number, ok, err)
			}
			want := 0
			if e.Number%3 == 0 {
				want = 1
				entered++
			}
			if twins[words] != want {
				t.Errorf("%q stands %d times in the joint record", words, twins[words])
			}
		}
		if _, ok, err := h.Log().Request(ctx, requestOf(client, head.Size+1)); ok || err != nil {
			t.Errorf("room %d: a request without its entry: %v, %v", client, ok, err)
		}
	}
	if head, err := record.Audit(ctx, h.Log(), joint, verifier); err != nil || head.Size != int64(entered) {
		t.Errorf("the joint record has %d entries of %d: %v", head.Size, entered, err)
	}
}

func verifyLinks(t *testing.T, h *House, redeemed [][2]string) {
	t.Helper()
	d := &access.Door{Store: h.Access(), Now: time.Now, Rand: rand.Reader}
	for _, r := range redeemed {
		if _, _, err := d.Redeem(t.Context(), r[0], ""); err == nil {
			t.Error("a link worked again after the kill")
		}
		if _, err := d.Who(t.Context(), r[1]); err != nil {
			t.Errorf("a login was lost: %v", err)
		}
	}
}
