"""The vocabularies as they were loaded: so that a stored code stays readable after its term has left the files."""

from django.db import models


class LoadedVocabulary(models.Model):
    """Which version of a vocabulary the database knows."""

    code = models.SlugField(max_length=40, unique=True)
    version = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class LoadedTerm(models.Model):
    """A term that is or once was in a vocabulary. Never deleted: `retired` where it has left the files."""

    vocabulary = models.ForeignKey(LoadedVocabulary, models.CASCADE, related_name="terms")
    code = models.CharField(max_length=40)
    broader = models.CharField(max_length=40, blank=True)
    labels = models.JSONField(help_text="By language.")
    retired = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vocabulary", "code"], name="one_term_per_code")]

    def __str__(self) -> str:
        return self.code
