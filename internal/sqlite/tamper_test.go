package sqlite

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/record"
	"parley/internal/record/recordtest"
)

// Mallory has the database file and a tool of her own, and knows to drop the
// triggers first.
func TestWhatMalloryChangesIsFound(t *testing.T) {

	for _, c := range []struct {
		name, sql string
		first     int64 // the entry that the auditor must name; 0 if none is false but the head
	}{
		{"words", "UPDATE entries SET words = CAST('statement 8' AS BLOB) WHERE number = 7", 7},
		{"structure", "UPDATE entries SET structure = CAST('{\"said\":9}' AS BLOB) WHERE number = 5", 5},
		{"salt", "UPDATE entries SET structure_salt = zeroblob(32) WHERE number = 5", 5},
		{"a header that can be read", "UPDATE entries SET header = CAST(replace(CAST(header AS TEXT), 'chair', 'chaiR') AS BLOB) WHERE number = 1", 1},
		{"a header that cannot", "UPDATE entries SET header = CAST('minutes' AS BLOB) WHERE number = 3", 3},
		{"the last header", "UPDATE entries SET header = CAST('minutes' AS BLOB) WHERE number = 20", 20},
		{"leaf", "UPDATE entries SET leaf = zeroblob(32) WHERE number = 11", 11},
		{"a hash of the tree", "UPDATE entries SET nodes = zeroblob(length(nodes)) WHERE number = 8", 8},
		{"no hash of the tree", "UPDATE entries SET nodes = NULL WHERE number = 8", 8},
		{"evidence put in", "UPDATE entries SET evidence = x'00' WHERE number = 4", 4},
		{"deleted in the middle", "DELETE FROM entries WHERE number = 6", 6},
		{"two exchanged", "UPDATE entries SET place = -1 WHERE number = 3;UPDATE entries SET place = place - 1 WHERE number = 4;" +
			"UPDATE entries SET place = (1 << 40) + 4 WHERE place = -1", 3},
		{"one added at the end", "INSERT INTO entries (place, leaf, header, structure_salt, structure) SELECT place + 1, leaf, header, structure_salt, structure FROM entries WHERE number = 20", 21},
		{"the head's root", "UPDATE entries SET root = zeroblob(32) WHERE number = 20", 0},
		{"the head's note", "UPDATE entries SET note = CAST('signed, Mallory' AS BLOB) WHERE number = 20", 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			h, w := open(t, dir), recordtest.NewWriter(t)
			for i := range 20 {
				w.Say(t, h.Log(), joint, "chair", fmt.Sprintf("statement %d", i+1))
			}
			if _, err := record.Audit(t.Context(), h.Log(), joint, w.Verifier()); err != nil {
				t.Fatal(err)
			}
			tamper(t, dir, c.sql)
			_, err := record.Audit(t.Context(), h.Log(), joint, w.Verifier())
			if err == nil {
				t.Fatal("the auditor found nothing")
			}
			var false *record.FalseEntry
			errors.As(err, &false)
			if c.first == 0 && false != nil || c.first != 0 && (false == nil || false.Number != c.first) {
				t.Errorf("the auditor says: %v", err)
			}
		})
	}
}

// tamper runs SQL over a second connection, past the triggers. In it, number
// stands for the entry's number in the only record.
func tamper(t *testing.T, dir, query string) {
	t.Helper()
	c, err := connect(filepath.Join(dir, File), false)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	query = strings.ReplaceAll(query, " number", " (place & ((1 << 40) - 1))")
	for _, q := range append([]string{"DROP TRIGGER entries_stand", "DROP TRIGGER entries_stay"}, strings.Split(query, ";")...) {
		n, err := c.exec(q)
		if err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		if !strings.HasPrefix(q, "DROP") && n == 0 {
			t.Fatalf("%s: changed nothing", q)
		}
	}
}

func TestTheTriggersStopMistakes(t *testing.T) {
	dir := t.TempDir()
	h, w := open(t, dir), recordtest.NewWriter(t)
	g := w.Grow(t, "lake/joint", w.Draft("chair", "good morning"))
	err := h.Log().Append(t.Context(), record.Transaction{Batches: []record.Batch{g.Batch}, Requests: []record.Request{{Key: record.Hash{1}}}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := connect(filepath.Join(dir, File), false)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for _, q := range []string{
		"UPDATE entries SET words = x'00'", "UPDATE entries SET leaf = zeroblob(32)", "UPDATE entries SET note = NULL, root = NULL, last = NULL",
		"DELETE FROM entries", "UPDATE records SET name = 'lake/public'", "DELETE FROM records",
		"UPDATE requests SET answer = x'00'", "DELETE FROM requests",
		"INSERT OR REPLACE INTO requests (key, body, answer) SELECT key, body, x'00' FROM requests",
	} {
		if _, err := c.exec(q); err == nil {
			t.Errorf("%s: done", q)
		}
	}
	if _, err := c.exec("UPDATE entries SET words = NULL, words_salt = NULL"); err != nil {
		t.Errorf("taking words away: %v", err)
	}
	if _, err := record.Audit(t.Context(), h.Log(), "lake/joint", w.Verifier()); err != nil {
		t.Error(err)
	}
}

// What was destroyed must not be found in the files by whoever carries the
// disk away.
func TestDestroyedWordsAreGoneFromTheFiles(t *testing.T) {
	dir := t.TempDir()
	h, w := open(t, dir), recordtest.NewWriter(t)
	short, long := "the-word-that-was-said", strings.Repeat("a-long-word-that-was-said ", 1000)
	g := w.Say(t, h.Log(), "lake/joint", "chair", short, "stays", long)
	count := func() (n int) {
		for _, name := range []string{File, File + "-wal"} {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			n += bytes.Count(b, []byte(short)) + bytes.Count(b, []byte("a-long-word"))
			for _, i := range []int{0, 2} {
				salt := g.Batch.Entries[i].Content.Words.Salt
				n += bytes.Count(b, salt[:])
			}
		}
		return n
	}
	if count() == 0 {
		t.Fatal("the words are not in the files to begin with")
	}
	err := h.Log().Append(t.Context(), record.Transaction{Destroy: []record.Place{{Record: "lake/joint", Number: 1}, {Record: "lake/joint", Number: 3}}})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 0 {
		t.Errorf("the words or their salts are still there %d times", n)
	}
	if _, err := record.Audit(t.Context(), h.Log(), "lake/joint", w.Verifier()); err != nil {
		t.Error(err)
	}
}
