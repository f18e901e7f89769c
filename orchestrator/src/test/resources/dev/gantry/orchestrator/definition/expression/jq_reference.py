"""Evaluates programs with the jq that the Python package jq brings along.

Standard input: a JSON object a line, {"program": text, "input": JSON text}. Standard output: first the version of jq,
{"version": text}; then an object for each line, {"values": [JSON text, ...]}, {"error": text}, or {"lost": reason} where jq
itself crashes or does not end. A child does the work, so that a crash costs one program only.
"""

import json
import os
import re
import signal
import sys

import jq

SECONDS = 3


def version():
    """jq does not say; the sources' directory in the extension module does."""
    with open(jq.__file__, "rb") as module:
        found = re.search(rb"jq-(1\.\d+(?:\.\d+)?)", module.read())
    return found.group(1).decode() if found else "unknown"


def evaluate(case):
    try:
        values = jq.compile(case["program"]).input_text(case["input"]).all()
        return {"values": [json.dumps(value) for value in values]}
    except ValueError as error:
        return {"error": str(error)}


def work(cases, first, pipe):
    with os.fdopen(pipe, "w") as out:
        for case in cases[first:]:
            signal.alarm(SECONDS)
            out.write(json.dumps(evaluate(case)) + "\n")
            out.flush()
    os._exit(0)


def main():
    cases = [json.loads(line) for line in sys.stdin]
    print(json.dumps({"version": version()}))
    done = 0
    while done < len(cases):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            work(cases, done, writing)
        os.close(writing)
        with os.fdopen(reading) as lines:
            for line in lines:
                print(line, end="")
                done += 1
        _, status = os.waitpid(child, 0)
        if done < len(cases):
            print(json.dumps({"lost": "it ended with status %d" % status}))
            done += 1


main()
