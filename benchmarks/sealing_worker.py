"""A process that seals letters: warm after its first one it says so, waits for a line, seals the others."""

import sys


def main(ids: list[int]) -> None:
    """Seal the letters of these keys."""
    import django

    django.setup()
    from benchmarks.issue_letters import DAY
    from portal.workdays import clock
    from responsibility import letter_pdf
    from responsibility.models import Letter

    with clock.frozen(DAY):
        found = list(Letter.objects.filter(pk__in=ids).order_by("pk"))
        letter_pdf.sealed(found[0], "zh-hans")
        print("ready", flush=True)
        sys.stdin.readline()
        for letter in found[1:]:
            letter_pdf.sealed(letter, "zh-hans")


if __name__ == "__main__":
    main([int(key) for key in sys.argv[1:]])
