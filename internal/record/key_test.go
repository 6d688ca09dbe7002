package record_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	formats "github.com/transparency-dev/formats/log"

	"parley/internal/record"
)

func newKey(t testing.TB, house string, seed byte) record.Key {
	t.Helper()
	key, err := record.NewKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 32)), house)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestKeys(t *testing.T) {
	key := newKey(t, "parley.example:8443", 7)
	again, err := record.ParseKey(key.Text())
	if err != nil || again.Text() != key.Text() || !again.Verifier().Equal(key.Verifier()) {
		t.Fatalf("a key is not read as it was written: %v", err)
	}
	v, err := record.ParseVerifier(key.Verifier().String())
	if err != nil || !v.Equal(key.Verifier()) || v.House() != "parley.example:8443" {
		t.Fatalf("a vkey is not read as it was written: %v", err)
	}
	// The texts are those of x/mod's note package.
	if _, err := note.NewSigner(strings.TrimSuffix(key.Text(), "\n")); err != nil {
		t.Errorf("note.NewSigner refuses the key: %v", err)
	}
	if _, err := note.NewVerifier(v.String()); err != nil {
		t.Errorf("note.NewVerifier refuses the vkey: %v", err)
	}
	if (record.Verifier{}).Equal(v) || newKey(t, "parley.example:8443", 8).Verifier().Equal(v) || newKey(t, "other.example", 7).Verifier().Equal(v) {
		t.Error("different keys are equal")
	}
}

func TestKeyIsNotPrinted(t *testing.T) {
	key := newKey(t, "parley.example", 7)
	secret := key.Text()[strings.LastIndex(key.Text(), "+")+1:]
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if text := fmt.Sprintf(verb, key); strings.Contains(text, strings.TrimSpace(secret)) || !strings.Contains(text, "parley.example+") {
			t.Errorf("%s prints %s", verb, text)
		}
	}
	_, err := record.ParseKey(strings.Replace(key.Text(), "PRIVATE", "Private", 1))
	if err == nil || strings.Contains(err.Error(), strings.TrimSpace(secret)) {
		t.Errorf("a spoiled key is refused with %q", err)
	}
}

func TestSpoiledKeys(t *testing.T) {
	key := newKey(t, "parley.example", 7)
	for what, text := range map[string]string{"key": key.Text(), "vkey": key.Verifier().String()} {
		for bit := range len(text) * 8 {
			spoiled := flipped([]byte(text), bit)
			var err error
			if what == "key" {
				_, err = record.ParseKey(string(spoiled))
			} else {
				_, err = record.ParseVerifier(string(spoiled))
			}
			if err == nil {
				t.Errorf("bit %d of the %s does not matter: %q", bit, what, spoiled)
			}
		}
		if _, err := record.ParseVerifier(text + " "); err == nil {
			t.Errorf("a %s with a space behind it passes", what)
		}
	}
	for _, house := range []string{"", "Parley", "a b", "a/b", "a+b", "a\n", strings.Repeat("a", 101)} {
		if _, err := record.NewKey(zeros{}, house); err == nil {
			t.Errorf("%q passes for the name of a house", house)
		}
	}
	if _, err := record.NewKey(bytes.NewReader(nil), "parley.example"); err == nil {
		t.Error("a key was made of no randomness")
	}
}

func TestCheckpoints(t *testing.T) {
	key := newKey(t, "parley.example", 7)
	root := record.Hash{1, 2, 3}
	text, err := key.Signer().Checkpoint("lake/joint", 17, root)
	if err != nil {
		t.Fatal(err)
	}
	c, err := key.Verifier().Checkpoint("lake/joint", text)
	if err != nil || c.Size != 17 || c.Root != root || c.Origin != "parley.example/lake/joint" || string(c.Note()) != string(text) {
		t.Fatalf("Checkpoint = %+v, %v", c, err)
	}
	// Other C2SP software reads it too.
	nv, err := key.Verifier().Note("lake/joint")
	if err != nil {
		t.Fatal(err)
	}
	other, _, _, err := formats.ParseCheckpoint(text, c.Origin, nv)
	if err != nil || other.Size != 17 || string(other.Hash) != string(root[:]) {
		t.Errorf("transparency-dev/formats reads %+v, %v", other, err)
	}
	// And what x/mod's signer writes is what ours does.
	skey := "PRIVATE+KEY+" + c.Origin + fmt.Sprintf("+%08x+", nv.KeyHash()) + key.Text()[strings.LastIndex(key.Text(), "+")+1:]
	signer, err := note.NewSigner(strings.TrimSpace(skey))
	if err != nil {
		t.Fatal(err)
	}
	if same, err := note.Sign(&note.Note{Text: string(record.CheckpointBody(c.Origin, 17, root))}, signer); err != nil || string(same) != string(text) {
		t.Errorf("x/mod signs %q, %v, want %q", same, err, text)
	}

	for _, v := range []record.Verifier{{}, newKey(t, "parley.example", 8).Verifier(), newKey(t, "other.example", 7).Verifier()} {
		if _, err := v.Checkpoint("lake/joint", text); err == nil {
			t.Errorf("the key %v verifies another's checkpoint", v)
		}
	}
	if _, err := key.Verifier().Checkpoint("lake/public", text); err == nil {
		t.Error("the joint record's checkpoint passes for the public record's")
	}
	if _, err := (record.Signer{}).Checkpoint("lake/joint", 1, root); err == nil {
		t.Error("a signer without a key has signed")
	}
}

func TestSpoiledCheckpoints(t *testing.T) {
	key := newKey(t, "parley.example", 7)
	text, err := key.Signer().Checkpoint("lake/joint", 17, record.Hash{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(text) * 8 {
		if _, err := key.Verifier().Checkpoint("lake/joint", flipped(text, bit)); err == nil {
			t.Errorf("bit %d of a checkpoint does not matter", bit)
		}
	}
	lines := strings.SplitAfter(string(text), "\n")
	for what, spoiled := range map[string]string{
		"nothing":              "",
		"no signature":         strings.Join(lines[:3], ""),
		"no line end":          strings.TrimSuffix(string(text), "\n"),
		"two signatures":       string(text) + lines[4],
		"an extension line":    strings.Join(lines[:3], "") + "extension\n" + strings.Join(lines[3:], ""),
		"line ends of Windows": strings.ReplaceAll(string(text), "\n", "\r\n"),
		"a size like 017":      strings.Replace(string(text), "\n17\n", "\n017\n", 1),
		"a size like +17":      strings.Replace(string(text), "\n17\n", "\n+17\n", 1),
		"base64 over lines":    strings.Replace(string(text), "AQID", "AQ\rID", 1),
	} {
		if _, err := record.ParseCheckpoint([]byte(spoiled)); err == nil {
			t.Errorf("a checkpoint with %s passes", what)
		}
	}
}

func FuzzParseCheckpoint(f *testing.F) {
	text, err := newKey(f, "parley.example", 7).Signer().Checkpoint("lake/joint", 17, record.Hash{1, 2, 3})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := record.ParseCheckpoint(b); err == nil && string(c.Note()) != string(b) {
			t.Errorf("%q is read as a checkpoint which is written %q", b, c.Note())
		}
	})
}

// flipped is b with one bit changed.
func flipped(b []byte, bit int) []byte {
	c := bytes.Clone(b)
	c[bit/8] ^= 1 << (bit % 8)
	return c
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
