"""Shipped prompts in plainer English. `load_prompts` only adds what is missing, and a text that an admin edited stays."""

from django.db import migrations

PLAINER = {
    "In which part of our life do I lean, and in which am I leaned on?": (
        "In which areas of our life do I lean, and in which am I leaned on?"
    ),
    "Most couples change places from one part of life to another.": (
        "Most couples change places from one area of life to another."
    ),
    "Being given something can bring up debt, doubt or shyness, and that is rarely spoken about.": (
        "Being given something can bring up a feeling of debt, doubt or shyness, and that is rarely spoken about."
    ),
    "What would be a first small portion of it?": "What would be a first small step towards it?",
    "Quiet closeness is easy to overlook beside the big swings.": (
        "Quiet closeness is easy to overlook next to the big swings."
    ),
    "Which need am I hoping will be guessed?": "Which need am I hoping my partner will guess?",
    "Hoping to be guessed is common, and it often ends in hurt on both sides.": (
        "Hoping that someone will guess is common, and it often ends in hurt on both sides."
    ),
    "Which no did I get through lately?": "Which \"no\" did I live through lately?",
    "Seeing that a no can be lived with makes the next one lighter.": (
        "Once you have lived with one no, the next is easier."
    ),
    "Whom was that for: me, or my partner?": "Who was that for: me, or my partner?",
    "Which no of mine is waiting to be said?": "Which \"no\" have I not said yet?",
    "How could a kind, short no sound?": "How might a short, kind no sound?",
    "Letting one answer be no does not mean letting go of the need.": (
        "Accepting one no does not mean letting go of the need."
    ),
    "Whom could I ring on a bad evening?": "Who could I ring on a bad evening?",
    "What is the first quarter of an hour of it?": "What could I do in the first quarter of an hour?",
    "Whom does this moment remind me of?": "Who does this moment remind me of?",
    "What took place.": "What actually happened.",
    "Knowing where you stop can make it lighter to begin.": (
        "Knowing where you will stop can make it easier to begin."
    ),
    "Many limits exist in one head only.": "Many limits exist in only one person's head.",
    "Is it worth a talk, and when would be a calm time?": (
        "Is it worth talking about, and when would be a calm time?"
    ),
    "Something small and given freely often does more than something large and given from duty.": (
        "Something small, given freely, often does more than something large, given out of duty."
    ),
    "When did each of them last show?": "When did I last see each of them?",
    "Whom could I tell about it?": "Who could I tell about it?",
    "A letter to later can show what matters today.": "A letter to your later self can show what matters today.",
}


def reword(apps, schema_editor):
    for prompt in apps.get_model("guide", "Prompt").objects.using(schema_editor.connection.alias):
        prompt.title = PLAINER.get(prompt.title, prompt.title)
        prompt.why = PLAINER.get(prompt.why, prompt.why)
        prompt.steps = [PLAINER.get(step, step) for step in prompt.steps]
        prompt.save(update_fields=["title", "why", "steps"])


class Migration(migrations.Migration):
    dependencies = [("guide", "0001_initial")]
    operations = [migrations.RunPython(reword, migrations.RunPython.noop)]
