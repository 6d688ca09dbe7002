package record

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// maxNote is the length, in bytes, beyond which nothing is a checkpoint.
const maxNote = 4096

// strict64 is base64 of which there is only one spelling per value, as far as
// the standard library goes; see decode64.
var strict64 = base64.StdEncoding.Strict()

// decode64 appends the bytes that s encodes to b. Encoding them again gives s:
// the decoder alone would skip line ends within s.
func decode64(b, s []byte) ([]byte, error) {
	at := len(b)
	out, err := strict64.AppendDecode(b, s)
	if err != nil || base64.StdEncoding.EncodedLen(len(out)-at) != len(s) {
		return b, errors.New("malformed base64")
	}
	return out, nil
}

func decodeHash(s []byte) (Hash, error) {
	var buf [48]byte
	b, err := decode64(buf[:0], s)
	if err != nil || len(b) != len(Hash{}) {
		return Hash{}, errors.New("malformed hash")
	}
	return Hash(b), nil
}

// CheckpointBody is the text of a C2SP tlog-checkpoint without its signature:
// origin, size and root, each on a line. A head of size 0 has the root of the
// empty tree.
func CheckpointBody(origin string, size int64, root Hash) []byte {
	if size == 0 {
		root = emptyRoot
	}
	b := make([]byte, 0, len(origin)+80)
	b = append(b, origin...)
	b = append(b, '\n')
	b = strconv.AppendInt(b, size, 10)
	b = append(b, '\n')
	b = base64.StdEncoding.AppendEncode(b, root[:])
	return append(b, '\n')
}

// A Checkpoint is a signed head, as yet unverified.
type Checkpoint struct {
	Origin string // house, slash, name of the record
	Size   int64
	Root   Hash

	body, line []byte // the signed text, and the key id and signature
}

// Note is the signed note that the checkpoint was parsed from.
func (c Checkpoint) Note() []byte { return joinNote(c.body, c.line, c.Origin) }

// ParseCheckpoint reads a C2SP checkpoint with exactly one signature line,
// which bears the origin's name, and no extension lines. There is one spelling
// only: every accepted note is the one that [Signer.Checkpoint] would write
// around its signature. It does not verify; see [Verifier.Checkpoint].
func ParseCheckpoint(note []byte) (Checkpoint, error) {
	if len(note) > maxNote {
		return Checkpoint{}, fmt.Errorf("the checkpoint is longer than %d bytes", maxNote)
	}
	body, sig, name, err := splitNote(note)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("the checkpoint is malformed: %w", err)
	}
	lines := strings.Split(string(body), "\n")
	if len(lines) != 4 {
		return Checkpoint{}, errors.New("the checkpoint is malformed: it must have three lines (origin, size, root)")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, errors.New("the checkpoint is malformed: its second line is not a size")
	}
	root, err := decodeHash([]byte(lines[2]))
	if err != nil {
		return Checkpoint{}, errors.New("the checkpoint is malformed: its third line is not a hash")
	}
	if name != lines[0] {
		return Checkpoint{}, errors.New("the checkpoint is malformed: it is not signed in the name of its origin")
	}
	return Checkpoint{Origin: lines[0], Size: size, Root: root, body: body, line: sig}, nil
}

// splitNote takes a signed note (C2SP signed-note) of exactly one signature
// apart: its text with the final newline, and name, key id and signature.
func splitNote(note []byte) (text, sig []byte, name string, err error) {
	i := bytes.LastIndex(note, []byte("\n\n"))
	if i < 0 || i+2 == len(note) || note[len(note)-1] != '\n' {
		return nil, nil, "", errors.New("it does not end in a signature")
	}
	text = note[:i+1]
	line := note[i+2 : len(note)-1]
	rest, ok := bytes.CutPrefix(line, []byte("— "))
	if !ok || bytes.IndexByte(line, '\n') >= 0 {
		return nil, nil, "", errors.New("it must end in exactly one signature")
	}
	key, b64, ok := bytes.Cut(rest, []byte(" "))
	if !ok || len(key) == 0 {
		return nil, nil, "", errors.New("its signature has no name")
	}
	sig, err = decode64(nil, b64)
	if err != nil || len(sig) != 4+64 {
		return nil, nil, "", errors.New("its signature is not one of Ed25519 in base64")
	}
	return text, sig, string(key), nil
}

// joinNote is the inverse of splitNote.
func joinNote(text, sig []byte, name string) []byte {
	b := make([]byte, 0, len(text)+len(name)+110)
	b = append(b, text...)
	b = append(b, "\n— "...)
	b = append(b, name...)
	b = append(b, ' ')
	b = base64.StdEncoding.AppendEncode(b, sig)
	return append(b, '\n')
}
