package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// A key becomes a file's name: no separators, no hidden files.
var validKey = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$`)

var errKey = errors.New("a key has 1 to 128 letters, digits, dots, dashes and underscores, and doesn't start with a dot")

type records struct{ directory string }

func openRecords(data string) (records, error) {
	directory := filepath.Join(data, "stand-in", "records")
	return records{directory}, os.MkdirAll(directory, 0o750)
}

// put returns once the record would survive a power failure.
func (r records) put(key string, value []byte) error {
	if !validKey.MatchString(key) {
		return errKey
	}
	temporary, err := os.CreateTemp(r.directory, ".put-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(value)
	if err := errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	if err := os.Rename(temporary.Name(), filepath.Join(r.directory, key)); err != nil {
		return err
	}
	return syncDirectory(r.directory)
}

func (r records) get(key string) ([]byte, error) {
	if !validKey.MatchString(key) {
		return nil, errKey
	}
	return os.ReadFile(filepath.Join(r.directory, key))
}

func syncDirectory(path string) error {
	directory, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(directory.Sync(), directory.Close())
}

// probeWritable says what the real service would die of: a volume that isn't its user's.
func probeWritable(directory string) error {
	file, err := os.CreateTemp(directory, ".writable-*")
	if err != nil {
		return fmt.Errorf("the directory %s is not writable for uid %d, gid %d: %w", directory, os.Getuid(), os.Getgid(), err)
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}
