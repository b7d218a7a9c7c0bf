"""Questions: what authors sent, what is published, answers, and what the database refuses whoever asks."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import exchange.models.questions
import guide.themes
import uuid
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

# Which state may follow which: what was answered in private is never published, what was withdrawn never comes back.
STATES = """
CREATE FUNCTION exchange_submission_may_become() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn' OR (OLD.state, NEW.state) IN (
        ('waiting', 'agree'), ('waiting', 'back'), ('waiting', 'private'), ('waiting', 'published'),
        ('agree', 'waiting'), ('agree', 'agreed'), ('agreed', 'published'), ('back', 'waiting'), ('published', 'back')
    )) THEN
        RAISE EXCEPTION 'a question does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER submission_may_become BEFORE UPDATE OF state ON exchange_submission
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION exchange_submission_may_become();
"""
NO_STATES = """
DROP TRIGGER submission_may_become ON exchange_submission;
DROP FUNCTION exchange_submission_may_become;
"""

# Looked at when the transaction ends. Rows that are only stored in another order (`reflect.shuffling`) are left out.
PUBLISHED = """
CREATE FUNCTION exchange_question_is_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    this uuid := coalesce(NEW.id, OLD.id);
BEGIN
    IF EXISTS (SELECT FROM exchange_question WHERE id = this)
        <> EXISTS (SELECT FROM exchange_submission WHERE id = this AND state = 'published') THEN
        RAISE EXCEPTION 'a question stands in clear exactly while it is published' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER question_is_published AFTER INSERT OR DELETE OR UPDATE OF id ON exchange_question
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION exchange_question_is_published();
CREATE CONSTRAINT TRIGGER question_is_published AFTER INSERT OR DELETE OR UPDATE OF id, state ON exchange_submission
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (current_setting('reflect.shuffling', true) IS DISTINCT FROM 'yes')
    EXECUTE FUNCTION exchange_question_is_published();
"""
NOT_PUBLISHED = """
DROP TRIGGER question_is_published ON exchange_submission;
DROP TRIGGER question_is_published ON exchange_question;
DROP FUNCTION exchange_question_is_published;
"""

# The question is locked before its answer, whoever writes.
COUNTS = """
CREATE FUNCTION exchange_count_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE exchange_question SET answers = answers + 1 WHERE id = NEW.question_id;
    ELSE
        UPDATE exchange_question SET answers = answers - 1, helped = helped - OLD.helped WHERE id = OLD.question_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_answers AFTER INSERT OR DELETE ON exchange_answer
    FOR EACH ROW EXECUTE FUNCTION exchange_count_answers();

CREATE FUNCTION exchange_count_helped() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about uuid := coalesce(NEW.answer_id, OLD.answer_id);
    step int := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    UPDATE exchange_question SET helped = helped + step
        WHERE id = (SELECT question_id FROM exchange_answer WHERE id = about);
    UPDATE exchange_answer SET helped = helped + step WHERE id = about;
    RETURN NULL;
END $$;
CREATE TRIGGER count_helped AFTER INSERT OR DELETE ON exchange_helped
    FOR EACH ROW EXECUTE FUNCTION exchange_count_helped();
"""
NO_COUNTS = """
DROP TRIGGER count_helped ON exchange_helped;
DROP FUNCTION exchange_count_helped;
DROP TRIGGER count_answers ON exchange_answer;
DROP FUNCTION exchange_count_answers;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0002_messages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField(max_length=2000, verbose_name='text')),
                ('reply', models.TextField(blank=True, default='', max_length=2000, verbose_name='reply to the one thing more')),
                ('on', models.DateField(verbose_name='day')),
                ('replied_on', models.DateField(blank=True, null=True, verbose_name='day of the reply')),
                ('edited_on', models.DateField(blank=True, null=True, verbose_name='day of the last edit')),
                ('thanked', models.BooleanField(default=False, verbose_name='the author says thank you')),
                ('helped', models.PositiveIntegerField(db_default=0, default=0, verbose_name='helped')),
                ('specialist', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'answer',
                'verbose_name_plural': 'answers',
            },
        ),
        migrations.CreateModel(
            name='AnswerVersion',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('text', models.TextField(max_length=2000, verbose_name='text')),
                ('reply', models.TextField(blank=True, default='', max_length=2000, verbose_name='reply to the one thing more')),
                ('until', models.DateField(verbose_name='until')),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='exchange.answer')),
            ],
            options={
                'verbose_name': 'earlier version of an answer',
                'verbose_name_plural': 'earlier versions of answers',
            },
        ),
        migrations.CreateModel(
            name='Helped',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='exchange.answer')),
            ],
            options={
                'verbose_name': 'thumbs up',
                'verbose_name_plural': 'thumbs up',
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('text', models.TextField(max_length=2000, verbose_name='text')),
                ('theme', models.SlugField(choices=guide.themes.topic_choices, db_index=False, max_length=40, verbose_name='topic')),
                ('pen_name', models.CharField(max_length=60, verbose_name='pen name')),
                ('changed', models.BooleanField(default=False, verbose_name='changed, with the author’s agreement')),
                ('more', models.TextField(blank=True, default='', max_length=2000, verbose_name='one thing more')),
                ('published_on', models.DateField(verbose_name='published on')),
                ('answers', models.PositiveIntegerField(db_default=0, default=0, verbose_name='answers')),
                ('helped', models.PositiveIntegerField(db_default=0, default=0, verbose_name='helped')),
                ('search', exchange.models.questions.SearchColumn(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector('text', 'more', config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), output_field=django.contrib.postgres.search.SearchVectorField())),
            ],
            options={
                'verbose_name': 'published question',
                'verbose_name_plural': 'published questions',
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField(verbose_name='day')),
                ('settled_on', models.DateField(blank=True, null=True, verbose_name='settled on')),
                ('sealed', models.TextField(editable=False, verbose_name='reason, sealed')),
                ('answer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='exchange.answer')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='exchange.question')),
            ],
            options={
                'verbose_name': 'flag',
                'verbose_name_plural': 'flags',
            },
        ),
        migrations.AddField(
            model_name='answer',
            name='question',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='answer_set', to='exchange.question'),
        ),
        migrations.CreateModel(
            name='Answering',
            fields=[
                ('question', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='answering', serialize=False, to='exchange.question')),
                ('until', models.DateTimeField(verbose_name='until')),
                ('specialist', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'answer being written',
                'verbose_name_plural': 'answers being written',
            },
        ),
        migrations.CreateModel(
            name='QuestionDraft',
            fields=[
                ('owner', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('sealed', models.BinaryField(verbose_name='sealed')),
            ],
            options={
                'verbose_name': 'draft of a question',
                'verbose_name_plural': 'drafts of questions',
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('tag', models.BinaryField(max_length=32, unique=True, verbose_name='tag')),
                ('author', models.TextField(editable=False, verbose_name='account and day, sealed')),
                ('state', models.CharField(choices=[('waiting', 'waiting for review'), ('agree', 'changed, waiting for the author'), ('agreed', 'changed, and the author agrees'), ('back', 'sent back'), ('private', 'answered in private'), ('published', 'published'), ('withdrawn', 'withdrawn')], default='waiting', max_length=9, verbose_name='state')),
                ('asks_more', models.BooleanField(default=False, verbose_name='asks one thing more')),
                ('due', models.BooleanField(default=False, verbose_name='something is to be shown')),
                ('news', models.CharField(blank=True, choices=[('', 'none'), ('new', 'the author is to be told'), ('told', 'the author has been told')], default='', max_length=4, verbose_name='news for the author')),
                ('sealed', models.TextField(editable=False, verbose_name='sealed')),
            ],
            options={
                'verbose_name': 'question',
                'verbose_name_plural': 'questions',
                'indexes': [models.Index(condition=models.Q(('state__in', ['published', 'withdrawn']), _negated=True), fields=['state'], name='submission_state'), models.Index(condition=models.Q(('asks_more', True)), fields=['id'], name='submission_more'), models.Index(condition=models.Q(('due', True)), fields=['id'], name='submission_due'), models.Index(condition=models.Q(('news', 'new')), fields=['id'], name='submission_news')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('asks_more', False), ('due', False), ('news', ''), ('sealed', ''), ('state', 'withdrawn')), models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('sealed', ''), _negated=True), models.Q(('author', ''), _negated=True)), _connector='OR'), name='submission_withdrawn_without_words'), models.CheckConstraint(condition=models.Q(('asks_more', False), ('state', 'published'), _connector='OR'), name='submission_more_once_published')],
            },
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['-published_on', '-id'], name='question_newest'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['theme', '-published_on', '-id'], name='question_newest_of_theme'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['-helped', '-id'], name='question_helpful'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['theme', '-helped', '-id'], name='question_helpful_of_theme'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('answers', 0)), fields=['-published_on', '-id'], name='question_unanswered'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('answers', 0)), fields=['theme', '-published_on', '-id'], name='question_unanswered_of_theme'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='question_search'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=django.contrib.postgres.indexes.GinIndex(fields=['title'], name='question_title_trigrams', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(condition=models.Q(('settled_on', None)), fields=['on'], name='flag_open'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('question', 'specialist'), name='answer_once_each'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='answer_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('replied_on', None), ('reply', '')), models.Q(models.Q(('reply', ''), _negated=True), ('replied_on__isnull', False)), _connector='OR'), name='answer_reply_with_its_day'),
        ),
        migrations.RunSQL(STATES, NO_STATES),
        migrations.RunSQL(PUBLISHED, NOT_PUBLISHED),
        migrations.RunSQL(COUNTS, NO_COUNTS),
    ]
