//go:build !unix

package tty

import (
	"errors"
	"io"
	"os"
)

// Tee is not possible here: a command prints to the terminal itself.
func Tee(*os.File, io.Writer) (out *os.File, done func(), err error) {
	return nil, nil, errors.ErrUnsupported
}

// DropInput is not possible here.
func DropInput(*os.File) bool { return false }
